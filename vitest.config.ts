import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    // Each worker keeps an emulator and runs of the program busy beside itself.
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
