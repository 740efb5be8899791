// The till's door as the shell needs it, until till/assemble.ts stands; then this file goes.
declare module '#till/assemble.ts' {
  import type { MessagePortMain } from 'electron';
  export function assemble(options: { readonly shopDir?: string | undefined }): Promise<{
    upgrade(port: MessagePortMain): void;
    close(): Promise<void>;
  }>;
}
