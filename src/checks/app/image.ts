import { type AppLooking, type Check, fail, pass, skip, type Verdict } from '../check.ts';
import { architecturesOf, type ImagePlace, imagePlace, manifestOf } from '../lookups/images.ts';
import { instanceArchitectures } from '../lookups/instance-architectures.ts';
import {
  isWorthACall,
  NOT_DEPLOYED,
  NOT_WORTH_A_CALL,
  runningOf,
  serviceOf,
} from '../lookups/services.ts';
import { deploy } from './words.ts';

const group = 'App';

export const imageChecks: Check<AppLooking>[] = [
  {
    id: 'app.image',
    ...{ group, title: 'The image that the app runs is in the registry' },
    problem: 'An image that the app runs is not in the registry',
    why: 'Without it no further container can start, on a new instance or after a crash.',
    fix: 'Deploy again, which builds and pushes it.',
    look: (looking) => eachImage(looking, (image, place) => exists(looking, image, place)),
  },
  {
    id: 'app.architecture',
    ...{ group, title: 'The image is built for the instances’ processor' },
    problem: 'An image is not built for the instances’ processor',
    why: 'An image for another processor stops at once with “exec format error”.',
    fix: 'Build it for the instances: docker build --platform linux/amd64, or linux/arm64.',
    async look(looking) {
      const instances = await instanceArchitectures(looking);
      if (instances.length === 0) return skip('No instance is there to compare with.');
      return eachImage(looking, (image, place) => fits(looking, image, place, instances));
    },
  },
];

async function eachImage(
  looking: AppLooking,
  look: (image: string, place: ImagePlace) => Promise<Verdict>,
): Promise<Verdict | Verdict[]> {
  const service = await serviceOf(looking);
  if (!service) return NOT_DEPLOYED;
  if (!(await isWorthACall(looking))) return NOT_WORTH_A_CALL;
  const running = await runningOf(looking, service);
  if (!running) return skip('Its task definition is gone.');
  return Promise.all(
    running.containers.map(async ({ image = '' }) => {
      const place = imagePlace(image);
      if (place?.region === looking.region) return look(image, place);
      return skip(`${image} is not in a registry of ${looking.region}.`);
    }),
  );
}

async function exists(looking: AppLooking, image: string, place: ImagePlace): Promise<Verdict> {
  if (await manifestOf(looking, place)) return pass(`${image} is there.`);
  return fail(`${image} is not in the registry.`, deploy(looking));
}

async function fits(
  looking: AppLooking,
  image: string,
  place: ImagePlace,
  instances: string[],
): Promise<Verdict> {
  const manifest = await manifestOf(looking, place);
  if (!manifest) return skip(`${image} is not in the registry.`);
  const built = await architecturesOf(looking, place, manifest);
  if (built.length === 0) return skip(`The image does not say what it is built for.`);
  const unfit = instances.filter((instance) => !built.includes(instance));
  if (unfit.length === 0) return pass(`It is built for ${built.join(' and ')}.`);
  return fail(
    `${image} is built for ${built.join(' and ')}, and there are instances with ${unfit.join(' and ')}.`,
    `docker build --platform ${instances.map((each) => `linux/${each}`).join(',')} …, then ${deploy(looking)}`,
  );
}
