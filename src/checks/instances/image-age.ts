import type { Image } from '@aws-sdk/client-ec2';
import {
  type Architecture,
  type RecommendedImage,
  recommendedImages,
} from '../../tasks/cluster/lib/lookups.ts';
import {
  byHand,
  type Check,
  fail,
  type Looking,
  pass,
  skip,
  type Verdict,
  warn,
} from '../check.ts';
import { initCluster } from '../command-lines.ts';
import { imagesOf } from '../lookups/machine-images.ts';
import { usedTemplate } from '../lookups/template.ts';

const DAY = 24 * 3_600_000;
/** AWS brings out a new image every week or two. In days. */
const TOLERABLE = 60;
/** Amazon's images that no longer get security updates, by name or parameter. */
const ENDED = /^amzn2?-ami-|\/amazon-linux-2\//;

export const imageAge: Check = {
  id: 'template.image-age',
  group: 'Instances',
  title: 'The instances’ image is a recent one',
  problem: 'The instances’ image is old, or gone',
  why: 'A new image brings the security updates, the Docker and the agent of the last weeks.',
  fix: 'digital-apps init-cluster --set ami=recommended --replace-instances',
  isMendable: true,
  async look(looking) {
    const id = (await usedTemplate(looking))?.used.LaunchTemplateData?.ImageId;
    if (!id) return skip('the launch template names no image');
    if (id.startsWith('resolve:ssm:')) return byParameter(looking, id);
    const [images, recommended] = await Promise.all([
      imagesOf(looking, [id]),
      recommendedImages(looking.aws),
    ]);
    const image = images.get(id);
    if (!image) {
      return fail(`The image ${id} of the launch template is gone.`, renewal(looking));
    }
    const { Name = '' } = image;
    if (ENDED.test(Name)) return ended(looking, `${id} (${Name})`);
    return compared(looking, image, recommended[image.Architecture as Architecture]);
  },
};

function byParameter(looking: Looking, id: string): Verdict {
  if (ENDED.test(id)) return ended(looking, id);
  return pass(`AWS names the image for each start: ${id}.`);
}

function ended(looking: Looking, image: string): Verdict {
  return byHand(
    fail(
      `${image} is Amazon Linux 2 or older, which has had no security updates since June 2026.`,
      renewal(looking),
    ),
  );
}

function compared(looking: Looking, image: Image, recommended?: RecommendedImage): Verdict {
  if (!recommended) return skip('AWS recommends no image for this architecture here');
  const { ImageId: id, Name = 'without a name' } = image;
  if (id === recommended.id) return pass(`${id} is what AWS recommends today.`);
  const made = madeOn(Name) ?? new Date(image.CreationDate ?? Number.NaN);
  const newer = madeOn(recommended.name);
  const behind = newer ? Math.floor((newer.getTime() - made.getTime()) / DAY) : Number.NaN;
  const seen = `${id} (${Name}) is of ${dayOf(made)}`;
  if (behind <= TOLERABLE) {
    return pass(`${seen}, ${Math.max(behind, 0)} days older than what AWS recommends.`);
  }
  return byHand(
    warn(
      `${seen}; AWS recommends ${recommended.id} of ${newer ? `${dayOf(newer)}, ${behind} days newer` : 'today'}.`,
      renewal(looking),
    ),
  );
}

/** By the date that Amazon's images have in their name; a copy keeps the name, but not the date. */
function madeOn(name: string): Date | undefined {
  const [, year, month, day] = /\.(20\d\d)(\d\d)(\d\d)(?:\D|$)/.exec(name) ?? [];
  return year ? new Date(`${year}-${month}-${day}T00:00:00Z`) : undefined;
}

function dayOf(date: Date): string {
  return Number.isNaN(date.getTime()) ? 'an unknown day' : date.toISOString().slice(0, 10);
}

function renewal(looking: Looking): string {
  return initCluster(looking, '--set ami=recommended', '--replace-instances');
}
