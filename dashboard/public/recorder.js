// Runs on the audio thread: hands on what the microphone gives, block by block.
registerProcessor(
  'recorder',
  class extends AudioWorkletProcessor {
    process([input]) {
      const [mono] = input;
      if (mono !== undefined) this.port.postMessage(mono.slice());
      return true;
    }
  },
);
