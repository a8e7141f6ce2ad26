/** Base64 as Connect emits it: the standard alphabet without padding (CONNECT-META-02, CONNECT-ERROR-03). */
export function unpadded(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64').replace(/=+$/, '');
}
