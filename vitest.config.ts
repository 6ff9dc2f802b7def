import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    globalSetup: 'test/support/prepare.ts',
    // Each worker keeps an emulator and runs of the program busy beside itself.
    maxWorkers: 3,
    maxConcurrency: 3,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'cluster',
          include: ['test/tasks/cluster/**/*.test.ts'],
          // One cluster, made once, that all of these only look at.
          globalSetup: 'test/tasks/cluster/made.ts',
        },
      },
      {
        extends: true,
        test: {
          name: 'rest',
          include: ['test/**/*.test.ts'],
          exclude: ['test/tasks/cluster/**'],
        },
      },
    ],
  },
});
