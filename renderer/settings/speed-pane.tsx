/** Finds the scale's kind and speed by trying them: what is tried now, how far it is, what was found. Rule kept: Esc
 * stops it at once; what was found is kept only when a person takes it. */
import type { ScaleSetting } from '#contract/till-scale.ts';
import type { WireTargetInput } from '#contract/wire-target.ts';
import { useForm } from '../keys/form-stack.ts';
import { useFeed } from '../link/use-feed.ts';
import { Icon } from '../parts/icons.tsx';
import { ActionButton } from '../parts/pieces.tsx';
import { useWords } from '../words/words.ts';

export function SpeedPane(props: {
  readonly target: WireTargetInput;
  readonly onTake: (setting: ScaleSetting) => void;
  readonly onByHand: () => void;
  readonly back: () => void;
  readonly onScan: (code: string) => void;
}) {
  const { say } = useWords();
  const { target, onTake, onByHand, back, onScan } = props;
  const search = useFeed({ target }, (till, question, options) => till.device.findSpeed(question, options));
  const found = search?.found ?? null;
  const take = (): void => {
    if (found !== null) onTake(found);
  };
  useForm({ name: 'speed', back, enter: take, accept: take, scan: onScan });
  const values = {
    name: search?.name ?? '',
    baud: search?.baud ?? 0,
    nth: search?.nth ?? 0,
    total: search?.total ?? 0,
  };
  return (
    <div className="bm-dpane" data-form="speed" data-testid="speed">
      <h1>{say('dwSpeed')}</h1>
      <p className="bm-dialog-help">{say('dwSpeedHelp')}</p>
      <progress
        className="bm-dprogress"
        max={search?.total ?? 1}
        value={search?.nth ?? 0}
        aria-label={say('dwSpeed')}
      />
      <p role="status" data-testid="speed-told">
        {search === null ? null : found !== null ? (
          <b className="bm-hint bm-good-text">
            <Icon name="checkRound" size={20} />
            {say('dslFound', values)}
          </b>
        ) : (
          say(search.isDone ? 'dslNotFound' : 'dslTrying', values)
        )}
      </p>
      <div className="bm-pane-actions">
        {found === null ? null : (
          <ActionButton look="main" cap="Enter" onPress={take} testId="take-speed">
            {say('dwUse')}
          </ActionButton>
        )}
        <ActionButton onPress={onByHand}>{say('dwSettingsScale')}</ActionButton>
      </div>
    </div>
  );
}
