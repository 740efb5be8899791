/**
 * Opens an address in the person's own browser. Rule kept: it is a kindness, so its failure is a sentence and
 * never an error; the address has been printed before.
 */
import { spawn } from 'node:child_process';

export function openInBrowser(url: string): void {
  const { command, args } = openerOf(process.platform, url);
  if (process.platform === 'linux' && !process.env['DISPLAY'] && !process.env['WAYLAND_DISPLAY']) return;
  const child = spawn(command, args, { stdio: 'ignore', detached: true });
  child.once('error', () => console.error(`(no browser could be opened: go to ${url})`));
  child.unref();
}

/** `start` of cmd.exe would read & in an address as a command of its own, hence rundll32. */
export function openerOf(platform: NodeJS.Platform, url: string): { command: string; args: readonly string[] } {
  if (platform === 'win32') return { command: 'rundll32', args: ['url.dll,FileProtocolHandler', url] };
  return { command: platform === 'darwin' ? 'open' : 'xdg-open', args: [url] };
}
