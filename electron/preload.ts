/**
 * The only bridge into the page: one function that asks for the till's port. Rule kept: nothing of Electron or
 * Node reaches the page but that port, which arrives as a message event of the page's own window. Bundled as
 * CommonJS, for a sandboxed preload can't be a module.
 */
import { contextBridge, ipcRenderer } from 'electron';

/** `data` of the message event that carries the port (`event.ports[0]`). */
const portMessage = 'billmitra:till-port';

ipcRenderer.on('till:port', (event) => {
  window.postMessage(portMessage, window.location.origin, [...event.ports]);
});

contextBridge.exposeInMainWorld('billmitra', {
  requestTillPort: (): void => ipcRenderer.send('till:port'),
});
