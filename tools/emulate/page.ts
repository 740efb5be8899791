/**
 * The page of an emulated device: one file of HTML, nothing loaded from anywhere. Rule kept: it draws what the desk
 * says and asks for what a person wants; it keeps no state but what is typed.
 */
import type { Control, Desk } from './desk.ts';

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

function controlOf(control: Control): string {
  const label = escaped(control.label);
  if (control.kind === 'button') {
    return `<button data-use="${control.id}" data-key="${escaped(control.key)}"><kbd>${escaped(control.key.toUpperCase())}</kbd>${label}</button>`;
  }
  if (control.kind === 'range') {
    return `<label class="wide">${label}<span class="row"><input type="range" data-range="${control.id}" min="0" max="${control.max}" step="${control.step}" value="0">
      <input type="number" data-range="${control.id}" min="0" max="${control.max}" step="${control.step}" value="0"></span></label>`;
  }
  const examples = control.examples.map(
    ({ label: name, value }) =>
      `<button data-use="${control.id}" data-value="${escaped(value)}">${escaped(name)}</button>`,
  );
  return `<form class="wide" data-text="${control.id}"><label>${label}<span class="row"><input autofocus autocomplete="off" name="text"><button>Send</button></span></label></form>
    <div class="wide examples">${examples.join('')}</div>`;
}

const style = `
  :root { color-scheme: light dark; --ground: #eceae4; --card: #fff; --ink: #1f2328; --soft: #62676d; --line: #d5d2ca; --accent: #0f6b6b; --warn: #8a5200; }
  @media (prefers-color-scheme: dark) { :root { --ground: #1c1f22; --card: #272b2f; --ink: #e9e7e2; --soft: #a2a7ac; --line: #3a4046; --accent: #58bdbd; --warn: #e5a545; } }
  * { box-sizing: border-box; } body { margin: 0; font: 15px/1.45 system-ui, sans-serif; background: var(--ground); color: var(--ink); height: 100vh; display: grid; grid-template-columns: 340px 1fr; }
  aside { background: var(--card); border-right: 1px solid var(--line); padding: 20px; overflow: auto; } main { overflow: auto; padding: 28px; display: flex; flex-direction: column; align-items: center; gap: 22px; }
  h1 { font-size: 19px; margin: 0 0 4px; } .place { font: 14px ui-monospace, monospace; color: var(--soft); overflow-wrap: anywhere; }
  .state { margin: 14px 0; padding: 9px 12px; border-radius: 8px; border: 1px solid var(--line); font-weight: 600; } .state::before { content: "● "; color: var(--accent); } .state.trouble { color: var(--warn); } .state.trouble::before { color: var(--warn); }
  .controls { display: grid; grid-template-columns: 1fr 1fr; gap: 8px; } .wide { grid-column: 1 / -1; } label { display: grid; gap: 4px; font-size: 13px; color: var(--soft); } .row { display: flex; gap: 8px; }
  button { font: inherit; color: inherit; background: transparent; border: 1px solid var(--line); border-radius: 8px; padding: 8px 10px; cursor: pointer; text-align: left; } button:hover { border-color: var(--accent); } button:focus-visible, input:focus-visible { outline: 2px solid var(--accent); outline-offset: 1px; }
  kbd { font: 12px ui-monospace, monospace; border: 1px solid var(--line); border-radius: 4px; padding: 1px 5px; margin-right: 8px; } input { font: inherit; color: inherit; background: transparent; border: 1px solid var(--line); border-radius: 8px; padding: 7px 9px; min-width: 0; flex: 1; } input[type=number] { flex: 0 0 92px; }
  .examples { display: grid; gap: 6px; } .examples button { padding: 5px 9px; font-size: 13px; } ol { list-style: none; padding: 12px 0 0; margin: 16px 0 0; border-top: 1px solid var(--line); font: 12.5px/1.55 ui-monospace, monospace; color: var(--soft); overflow-wrap: anywhere; }
  .slot { flex: none; width: min(100%, 640px); height: 12px; border-radius: 6px; background: #14171a; box-shadow: 0 2px 6px #0006; position: sticky; top: -16px; z-index: 1; } #papers { display: flex; flex-direction: column; align-items: center; gap: 22px; margin-top: -26px; }
  img { display: block; background: #fdfcf8; padding: 14px 16px; box-shadow: 0 3px 14px #0003; image-rendering: auto; max-width: 100%; } #papers:empty::after { content: "Nothing printed yet"; color: var(--soft); padding-top: 60px; }
  pre { font: 34px/1.35 ui-monospace, monospace; background: #10261f; color: #7df0b4; padding: 26px 34px; border-radius: 12px; margin: 60px 0 0; white-space: pre; } pre:empty { display: none; } main.faceOnly .slot, main.faceOnly #papers { display: none; }
`;

const script = `
  const use = (id, value = '') => fetch('/use/' + id, { method: 'POST', body: value });
  const images = new Map();
  const draw = (view) => {
    const state = document.getElementById('state');
    state.textContent = view.state;
    state.classList.toggle('trouble', view.isTrouble);
    document.getElementById('face').textContent = view.face ?? '';
    document.querySelector('main').classList.toggle('faceOnly', view.face !== null);
    document.getElementById('log').replaceChildren(...view.log.slice(0, 60).map((line) => Object.assign(document.createElement('li'), { textContent: line })));
    const list = view.papers.map((paper) => {
      const key = paper.id + ' ' + paper.heightDots;
      let image = images.get(paper.id);
      if (!image) { image = document.createElement('img'); images.set(paper.id, image); image.alt = 'printed paper'; }
      image.width = Math.round(paper.widthDots * 0.75) + 32;
      if (image.dataset.key !== key) { image.dataset.key = key; image.src = '/paper/' + paper.id + '?' + paper.heightDots; }
      return image;
    });
    const papers = document.getElementById('papers');
    const grows = list[0] && view.papers[0].id.startsWith('now');
    // The line under the head stays in sight, as the paper moves on.
    if (grows) list[0].onload = () => list[0].scrollIntoView({ block: list[0].height > innerHeight - 60 ? 'end' : 'nearest' });
    if (list.length !== papers.children.length || list.some((image, i) => papers.children[i] !== image)) papers.replaceChildren(...list);
  };
  new EventSource('/events').onmessage = (event) => draw(JSON.parse(event.data));
  document.addEventListener('click', (event) => {
    const button = event.target.closest('[data-use]');
    if (button) use(button.dataset.use, button.dataset.value);
  });
  document.addEventListener('submit', (event) => {
    event.preventDefault();
    const { text } = event.target.elements;
    use(event.target.dataset.text, text.value);
    text.select();
  });
  document.addEventListener('input', (event) => {
    const { range } = event.target.dataset;
    if (!range) return;
    document.querySelectorAll('[data-range="' + range + '"]').forEach((other) => { other.value = event.target.value; });
    use(range, event.target.value);
  });
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest('input')) return;
    document.querySelector('[data-key="' + CSS.escape(event.key.toLowerCase()) + '"]')?.click();
  });
`;

export const pageOf = (desk: Desk): string => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${escaped(desk.title)}</title><meta name="viewport" content="width=device-width"><link rel="icon" href="data:,"><style>${style}</style></head>
<body><aside><h1>${escaped(desk.title)}</h1><div class="place">${escaped(desk.place)}</div><div id="state" class="state"></div>
<div class="controls">${desk.controls.map(controlOf).join('\n')}</div><ol id="log"></ol></aside>
<main><div class="slot"></div><div id="papers"></div><pre id="face"></pre></main><script>${script}</script></body></html>
`;
