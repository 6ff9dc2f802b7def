import type { Clinic } from '../clinic.ts';

export const CRASHING = [
  'is unable to consistently start tasks successfully. For more information, see the Troubleshooting section.',
];

/** The app’s container stops by itself, again and again. */
export function crash(clinic: Clinic, how: { exitCode: number; reason?: string }): void {
  const stop = {
    stopCode: 'EssentialContainerExited',
    stoppedReason: 'Essential container in task exited',
  };
  clinic.stopApp(CRASHING, [{ ...stop, ...how }]);
}
