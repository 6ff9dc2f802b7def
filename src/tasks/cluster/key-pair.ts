import { DescribeKeyPairsCommand, ImportKeyPairCommand } from '@aws-sdk/client-ec2';
import { execa } from 'execa';
import { type Live, type NoNeeds, resourceWhen } from '../resource.ts';
import { fromTagList } from '../tags.ts';
import { ec2Tags, tagEc2 } from './ec2-tags.ts';
import { hasKey, keychainFlag, keyFile, obtainKey, publicLine } from './key-file.ts';

const section = 'EC2 > Key Pair';
const docs = 'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-key-pairs.html';

interface KeyPair extends Live {
  /** Present for one made here: where its private half belongs. */
  file?: string;
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
        }),
      );
      const found = KeyPairs[0];
      return (
        found && {
          id: names.keyPair,
          tags: fromTagList(found.Tags),
          pairId: found.KeyPairId,
          file: keyFile(names.keyPair),
        }
      );
    },
    wanted: () => ({}),
    async create(env) {
      const { names } = env;
      // The private half is safe on disk before AWS knows of the pair: it can be had only once.
      const pem = await obtainKey(keyFile(names.keyPair));
      await env.aws.ec2.send(
        new ImportKeyPairCommand({
          KeyName: names.keyPair,
          PublicKeyMaterial: Buffer.from(`${publicLine(pem)} ${names.keyPair}`),
          TagSpecifications: ec2Tags(env, 'key-pair', names.keyPair),
        }),
      );
      return { id: names.keyPair, tags: env.tags, file: keyFile(names.keyPair) };
    },
    set: {},
    tag: (env, live) => tagEc2(env, { id: (live as { pairId?: string }).pairId ?? live.id }),
    remarks: (_env, { file }) =>
      file && !hasKey(file) ? [`its private half is not on this machine (${file})`] : [],
  },
);

export const agentKey = resourceWhen<Live, { keyPair: typeof keyPair }>(
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
      if (!hasKey(file)) return undefined;
      const { stdout } = await execa('ssh-add', ['-L'], { reject: false });
      return stdout.includes(publicLine(await obtainKey(file))) ? { id: file } : undefined;
    },
    wanted: () => ({}),
    async create({ names }) {
      const file = keyFile(names.keyPair);
      await execa('ssh-add', [...keychainFlag(), file]);
      return { id: file };
    },
    set: {},
  },
);
