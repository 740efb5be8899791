/**
 * Who made a model: an Ed25519 signature (RFC 8032) over the canonical JSON of its manifest without the signature. Rule
 * kept: a till believes the one key it has pinned and, from there, only a key that the pinned one has signed; an old key
 * that has a successor signs nothing new. Keys are made by the server; here is nothing random.
 */
import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { z } from 'zod';
import { canonicalJson } from './canonical-json.ts';

/** 32 bytes, base64url. */
export const publicKeyShape = z.string().regex(/^[\w-]{43}$/);
const signatureText = z.string().regex(/^[\w-]{86}$/);
const keyName = z.string().regex(/^[0-9a-f]{16}$/);

/** "After me comes this key", said by the one before it. */
export const keySuccession = z.object({ after: keyName, publicKey: publicKeyShape, signature: signatureText });
export type KeySuccession = z.output<typeof keySuccession>;
export const manifestSignature = z.object({
  algorithm: z.literal('ed25519'),
  keyId: keyName,
  value: signatureText,
  /** From the first key of this head office to the one that signed, oldest first. */
  successions: z.array(keySuccession).max(100),
});
export type ManifestSignature = z.output<typeof manifestSignature>;

/** The first bytes of an Ed25519 public and private key in DER (RFC 8410). */
const publicHead = Buffer.from('302a300506032b6570032100', 'hex');
const privateHead = Buffer.from('302e020100300506032b657004220420', 'hex');

const publicOf = (raw: string): KeyObject =>
  createPublicKey({ key: Buffer.concat([publicHead, Buffer.from(raw, 'base64url')]), format: 'der', type: 'spki' });
const privateOf = (seed: Uint8Array): KeyObject =>
  createPrivateKey({ key: Buffer.concat([privateHead, seed]), format: 'der', type: 'pkcs8' });

export const keyIdOf = (publicKey: string): string =>
  createHash('sha256').update('billmitra model key ').update(publicKey).digest('hex').slice(0, 16);
/** `seed`: 32 random bytes, the private key. */
export const publicKeyOf = (seed: Uint8Array): string =>
  createPublicKey(privateOf(seed))
    .export({ format: 'der', type: 'spki' })
    .subarray(publicHead.length)
    .toString('base64url');

const successionText = (after: string, publicKey: string): Buffer =>
  Buffer.from(canonicalJson({ what: 'billmitra model key succession', after, publicKey }));
/** `seed`: of the key that hands over. */
export function signSuccession(seed: Uint8Array, next: string): KeySuccession {
  const after = keyIdOf(publicKeyOf(seed));
  const signature = sign(null, successionText(after, next), privateOf(seed)).toString('base64url');
  return { after, publicKey: next, signature };
}

const withoutSignature = (manifest: object): Buffer => {
  const { signature: _, ...signed } = manifest as { readonly signature?: unknown };
  return Buffer.from(canonicalJson(signed));
};
/** The manifest with its signature. Same manifest and key, same bytes. */
export function signManifest<M extends object>(
  manifest: M,
  seed: Uint8Array,
  successions: readonly KeySuccession[],
): M & { readonly signature: ManifestSignature } {
  const value = sign(null, withoutSignature(manifest), privateOf(seed)).toString('base64url');
  const keyId = keyIdOf(publicKeyOf(seed));
  const made: ManifestSignature = { algorithm: 'ed25519', keyId, value, successions: [...successions] };
  return { ...manifest, signature: made };
}

export type SignatureFault = 'signatureMissing' | 'keyUnknown' | 'signatureWrong';

/** `manifest`: as it was parsed from JSON, nothing left out. Answers the key to pin from now on. */
export function checkSignature(
  manifest: object,
  pinned: string,
): { readonly isGood: true; readonly pin: string } | { readonly isGood: false; readonly fault: SignatureFault } {
  const read = manifestSignature.safeParse((manifest as { readonly signature?: unknown }).signature);
  if (!read.success) return { isGood: false, fault: 'signatureMissing' };
  const { keyId: signer, value, successions } = read.data;
  let pin = pinned;
  for (let seen = 0; keyIdOf(pin) !== signer; seen += 1) {
    const next = successions.find((one) => one.after === keyIdOf(pin));
    if (next === undefined || seen > successions.length) return { isGood: false, fault: 'keyUnknown' };
    const said = verify(
      null,
      successionText(next.after, next.publicKey),
      publicOf(pin),
      Buffer.from(next.signature, 'base64url'),
    );
    if (!said) return { isGood: false, fault: 'keyUnknown' };
    pin = next.publicKey;
  }
  const isGood = verify(null, withoutSignature(manifest), publicOf(pin), Buffer.from(value, 'base64url'));
  return isGood ? { isGood, pin } : { isGood, fault: 'signatureWrong' };
}
