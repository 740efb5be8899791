/**
 * The label under the designer's hand: the exact picture, and over it a frame for each thing that can be chosen and
 * dragged. Rule kept: the picture is the till's, the frames are only handles; a drag is one step of undo.
 */
import { type PointerEvent, useEffect, useRef } from 'react';
import type { LabelPreview } from '#contract/till-label.ts';
import type { LabelDesign } from '#core/label/label-design.ts';
import { useWords } from '../words/words.ts';
import { roomOf } from './design-edit.ts';
import { itemWords } from './label-words.ts';

/** Half millimetres, as the arrow keys move. */
const snap = (mm: number): number => Math.round(mm * 2) / 2;

export function DesignCanvas(props: {
  readonly design: LabelDesign;
  readonly at: number;
  readonly preview: LabelPreview | null;
  /** Pixels of the screen for a millimetre. */
  readonly scale: number;
  readonly onChoose: (at: number) => void;
  /** The chosen thing goes there; `isFirst` begins a new step of undo. */
  readonly onMoveTo: (xMm: number, yMm: number, isFirst: boolean) => void;
}) {
  const { say } = useWords();
  const { design, at, preview, scale, onChoose, onMoveTo } = props;
  const stage = useRef<HTMLDivElement>(null);
  const drag = useRef<{ x: number; y: number; xMm: number; yMm: number; hasMoved: boolean } | null>(null);
  // The arrow keys move the chosen thing at once.
  useEffect(() => stage.current?.focus(), []);
  const begin = (event: PointerEvent<HTMLElement>, i: number): void => {
    const item = design.items[i];
    if (item === undefined) return;
    onChoose(i);
    event.currentTarget.setPointerCapture(event.pointerId);
    drag.current = { x: event.clientX, y: event.clientY, xMm: item.xMm, yMm: item.yMm, hasMoved: false };
  };
  const move = (event: PointerEvent<HTMLElement>): void => {
    const from = drag.current;
    if (from === null) return;
    const xMm = snap(from.xMm + (event.clientX - from.x) / scale);
    const yMm = snap(from.yMm + (event.clientY - from.y) / scale);
    if (!from.hasMoved && xMm === snap(from.xMm) && yMm === snap(from.yMm)) return;
    onMoveTo(xMm, yMm, !from.hasMoved);
    from.hasMoved = true;
  };
  const end = (): void => {
    drag.current = null;
  };
  return (
    <div
      ref={stage}
      className="bm-design-stage"
      role="application"
      aria-label={say('lbPreview')}
      tabIndex={0}
      data-testid="design-stage"
      style={{ width: design.paper.widthMm * scale, height: design.paper.heightMm * scale }}
    >
      {preview === null ? null : (
        <img
          data-testid="label-picture"
          src={`data:image/png;base64,${preview.pngBase64}`}
          alt={say('lbPreview')}
          draggable={false}
        />
      )}
      {design.items.map((item, i) => {
        const room = roomOf(item);
        return (
          <div
            key={`${i}-${item.kind}`}
            className={i === at ? 'bm-design-thing bm-design-chosen' : 'bm-design-thing'}
            data-testid="design-thing"
            title={itemWords(item, say)}
            style={{
              left: item.xMm * scale,
              top: item.yMm * scale,
              width: room.widthMm * scale,
              height: Math.max(room.heightMm * scale, 6),
            }}
            onPointerDown={(event) => begin(event, i)}
            onPointerMove={move}
            onPointerUp={end}
            onPointerCancel={end}
          />
        );
      })}
    </div>
  );
}
