/**
 * The model that ships, where this server's own files lie: head office's forecast of a store has the say that the store's till
 * gives it. Rule kept: a server without the file forecasts without it.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openShipped } from '#ml/cold/shipped-model.ts';

const file = join(import.meta.dirname, '..', '..', 'assets', 'seed-model', 'seed-model.onnx');

export const shipped = openShipped(() => (existsSync(file) ? readFileSync(file) : null));
