/**
 * The canonical content of a committed document: what the journal hashes. Rule kept: the same document gives
 * the same text whether it comes from the sale or from its rows, whatever order its keys are in; the order
 * of fields here is fixed per schemaVersion and never changed for one that has shipped.
 */
import type { CommittedDocument } from '#core/documents.ts';

const isPlain = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** JSON with the keys of every object in order; undefined is left out, as JSON does. */
function ordered(value: unknown): string {
  if (Array.isArray(value)) {
    let text = '[';
    for (let i = 0; i < value.length; i += 1) text += (i === 0 ? '' : ',') + ordered(value[i]);
    return `${text}]`;
  }
  if (!isPlain(value)) return JSON.stringify(value) ?? 'null';
  let text = '{';
  for (const key of Object.keys(value).sort()) {
    if (value[key] === undefined) continue;
    text += `${text === '{' ? '' : ','}"${key}":${ordered(value[key])}`;
  }
  return `${text}}`;
}

/** The text whose SHA-256 the journal keeps. */
export const documentContent = (document: CommittedDocument): string => ordered(document);
