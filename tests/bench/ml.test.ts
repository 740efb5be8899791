import { describe, expect, it } from 'vitest';
import { runMlBench } from './ml/run.ts';

describe('the bench of the models', () => {
  it('takes its figures of a small shop, and names the peer that is missing', async () => {
    const names: string[] = [];
    for await (const figure of runMlBench(true, ['nets', 'inference'])) {
      names.push(figure.name);
      expect(figure.value).not.toBeNull();
    }
    expect(names).toEqual(['lstm_train_windows_per_s', 'infer_5000x14_ms', 'main_thread_gap_ms', 'one_item_infer_ms']);
  }, 60_000);

  it('takes those of a model with nets, of a small shop', async () => {
    const names: string[] = [];
    for await (const figure of runMlBench(true, ['inference-nets', 'night-nets'])) {
      names.push(figure.name);
      expect(figure.value === null).toBe(figure.why !== undefined);
    }
    expect(names).toEqual([
      'infer_nets_5000x14_ms',
      'main_thread_gap_nets_ms',
      'one_item_infer_nets_ms',
      'nightly_nets_5000_items_s',
      'nightly_nets_rss_mb',
      'nightly_nets_gap_ms',
    ]);
  }, 120_000);

  it('takes those of the classical models, of a small shop', async () => {
    const names: string[] = [];
    for await (const figure of runMlBench(true, ['classical'])) {
      names.push(figure.name);
      expect(figure.value).not.toBeNull();
    }
    expect(names.slice(0, 3)).toEqual(['holt_winters_5000_s', 'arima_5000_s', 'classical_all_5000_s']);
  });

  it('takes those of a night and of billing beside it, of a small shop', async () => {
    const names: string[] = [];
    for await (const figure of runMlBench(true, ['night', 'billing'])) {
      names.push(figure.name);
      expect(figure.value === null).toBe(figure.why !== undefined);
    }
    expect(names).toEqual([
      'nightly_5000_items_s',
      'nightly_rss_mb',
      'nightly_gap_ms',
      'one_item_ms',
      'owner_list_ms',
      'owner_list_by_name_ms',
      'owner_category_ms',
      'owner_shop_ms',
      'owner_accuracy_ms',
      'owner_order_list_ms',
      'owner_model_ms',
      'owner_pages_gap_ms',
      'billing_p99_ratio_with_inference',
    ]);
  }, 120_000);
});
