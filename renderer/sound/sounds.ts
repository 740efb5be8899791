/**
 * The counter's sounds, made by Web Audio. Rule kept: a sound is a second cue, never the only one; it has
 * its own volume and an off switch. Nothing is loaded and nothing blocks when the PC has no speaker.
 */
export type SoundName = 'added' | 'addedAgain' | 'unknown' | 'choose' | 'saved' | 'refused' | 'beep';

type Tone = { readonly hz: number; readonly ms: number; readonly afterMs: number; readonly gain: number };
const tone = (hz: number, ms: number, afterMs = 0, gain = 0.3): Tone => ({ hz, ms, afterMs, gain });

const tones: Readonly<Record<SoundName, readonly Tone[]>> = {
  added: [tone(1400, 40)],
  addedAgain: [tone(1764, 40)],
  unknown: [tone(330, 220), tone(262, 220, 230)],
  choose: [tone(880, 90), tone(1175, 110, 100)],
  saved: [tone(784, 120, 0, 0.18), tone(1047, 180, 120, 0.18)],
  refused: [tone(220, 15, 0, 0.2)],
  beep: [tone(660, 160)],
};

const volumeName = 'billmitra.volume';
export const readVolume = (): number => {
  const kept = Number(localStorage.getItem(volumeName) ?? '1');
  return Number.isFinite(kept) ? Math.min(1, Math.max(0, kept)) : 1;
};
export const writeVolume = (volume: number): void => localStorage.setItem(volumeName, String(volume));

let audio: AudioContext | null = null;

/** Opening the sound device takes tens of milliseconds: done at the first key, long before the first scan. */
export function openSoundAtFirstKey(target: Window): void {
  const open = (): void => {
    setTimeout(() => {
      if (readVolume() > 0 && typeof AudioContext !== 'undefined') audio ??= new AudioContext();
    }, 200);
  };
  target.addEventListener('keydown', open, { once: true, capture: true });
}

/** Plays when what it tells of has been handed to the screen: the eye's cue never waits for the ear's. */
export const playSoon = (name: SoundName): void => void setTimeout(() => play(name), 0);

export function play(name: SoundName): void {
  const volume = readVolume();
  if (volume === 0 || typeof AudioContext === 'undefined') return;
  audio ??= new AudioContext();
  if (audio.state === 'suspended') void audio.resume();
  const start = audio.currentTime;
  for (const { hz, ms, afterMs, gain } of tones[name]) {
    const from = start + afterMs / 1000;
    const source = audio.createOscillator();
    const level = audio.createGain();
    source.frequency.value = hz;
    level.gain.setValueAtTime(gain * volume, from);
    level.gain.exponentialRampToValueAtTime(0.001, from + ms / 1000);
    source.connect(level).connect(audio.destination);
    source.start(from);
    source.stop(from + ms / 1000);
  }
}
