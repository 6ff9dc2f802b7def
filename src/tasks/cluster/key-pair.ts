import { DescribeKeyPairsCommand, ImportKeyPairCommand } from '@aws-sdk/client-ec2';
import { execa } from 'execa';
import { StepFailed } from '../../errors.ts';
import type { Live, NoNeeds } from '../resource.ts';
import { fromTagList } from '../tags.ts';
import { ec2Tags, tagEc2 } from './lib/ec2-tags.ts';
import { keychainFlag, keyFile, obtainKey, publicHalf } from './lib/key-file.ts';
import { type Answered, resourceWhen } from './scope.ts';

const section = 'EC2 > Key Pair';
const docs = 'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-key-pairs.html';

interface KeyPair extends Live {
  /** "key-0abc…", which it is tagged by. */
  pairId?: string;
  /** What is to be said of the file where its private half belongs. */
  trouble?: string;
}

/** The pair that instances are given; undefined for none. */
export function keyPairName({ answers, names }: Answered): string | undefined {
  const answer = answers['key-pair'];
  if (answer === 'none') return undefined;
  return answer === 'new' ? names.keyPair : answer;
}

export const keyPair = resourceWhen<KeyPair, NoNeeds>(
  ({ answers }) => answers['key-pair'] !== 'none',
  {
    name: 'Key pair',
    section,
    why: 'Lets you connect to the instances by SSH. It is made on this machine; AWS gets the public half alone.',
    docs,
    needs: {},
    async chosen({ answers }) {
      return answers['key-pair'] === 'new' ? undefined : { id: answers['key-pair'] };
    },
    async read({ aws, names }) {
      const { KeyPairs = [] } = await aws.ec2.send(
        new DescribeKeyPairsCommand({
          Filters: [{ Name: 'key-name', Values: [names.keyPair] }],
          IncludePublicKey: true,
        }),
      );
      const found = KeyPairs[0];
      return (
        found && {
          id: names.keyPair,
          tags: fromTagList(found.Tags),
          pairId: found.KeyPairId,
          trouble: await troubleWith(keyFile(names.keyPair), found.PublicKey),
        }
      );
    },
    wanted: () => ({}),
    async create(env) {
      const { names } = env;
      // The private half is safe on disk before AWS knows of the pair: it can be had only once.
      const half = await obtainKey(keyFile(names.keyPair));
      const { KeyPairId } = await env.aws.ec2.send(
        new ImportKeyPairCommand({
          KeyName: names.keyPair,
          PublicKeyMaterial: Buffer.from(`${half} ${names.keyPair}`),
          TagSpecifications: ec2Tags(env, 'key-pair', names.keyPair),
        }),
      );
      return { id: names.keyPair, tags: env.tags, pairId: KeyPairId };
    },
    set: {},
    tag: (env, { pairId }) => tagEc2(env, { id: pairId! }),
    remarks: (_env, { trouble }) => (trouble ? [trouble] : []),
  },
);

async function troubleWith(file: string, inAws = ''): Promise<string | undefined> {
  const half = await publicHalf(file).catch(() => 'no key at all');
  if (!half) return `its private half is not on this machine (${file})`;
  return inAws.startsWith(half) ? undefined : `${file} holds another key than this pair’s`;
}

export const sshAgentKey = resourceWhen<Live, { keyPair: typeof keyPair }>(
  ({ answers }) => answers['ssh-add'] && answers['key-pair'] === 'new',
  {
    name: 'Key in ssh-agent',
    section,
    why: 'Saves naming the key file with every ssh.',
    docs,
    namedByAnswer: true,
    needs: { keyPair },
    async read({ names }) {
      const file = keyFile(names.keyPair);
      const half = await publicHalf(file);
      if (!half) return undefined;
      const { stdout } = await execa('ssh-add', ['-L'], { reject: false });
      return stdout.includes(half) ? { id: file } : undefined;
    },
    wanted: () => ({}),
    async create({ names }) {
      const file = keyFile(names.keyPair);
      const args = [...keychainFlag(), file];
      const { failed, stderr } = await execa('ssh-add', args, { reject: false });
      if (!failed) return { id: file };
      throw new StepFailed(
        `ssh-add could not do it: ${stderr?.trim().split('\n').at(-1) || 'it is not there'}.`,
        `Start an agent (eval "$(ssh-agent)"), then: ${['ssh-add', ...args].join(' ')}`,
      );
    },
    set: {},
  },
);
