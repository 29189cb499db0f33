/** Why nothing could be recorded, and what to do; for people. */
export class RecordingRefused extends Error {
  override readonly name = 'RecordingRefused';
}
