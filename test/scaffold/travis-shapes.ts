/** A .travis.yml for each way people write theirs, and what becomes of it. */
export interface Shape {
  title: string;
  before: string;
  /** Absent where it says all already. */
  after?: string;
  branch?: string;
  /** Deploys without ecs-cli: the script is not wanted before the deploy. */
  isPlain?: boolean;
}

const ENTRY = (branch: string, indentation = '') =>
  [
    '- provider: script',
    '  # Any failure here stops the deploy.',
    '  script: node ./deploy/ecs-deploy.js',
    '  on:',
    `    branch: ${branch}`,
    '',
  ]
    .map((line) => (line ? indentation + line : line))
    .join('\n');

const BLOCK = `# What deploys it.
deploy:
  provider: script
  # Any failure here stops the deploy.
  script: node ./deploy/ecs-deploy.js
  on:
    branch: develop
`;
const BEFORE = `before_deploy:
- ./deploy/install-ecs-cli.sh
`;
const READY = `${BEFORE}deploy:
  provider: script
  script: node ./deploy/ecs-deploy.js
  on:
    branch: develop
`;

export const SHAPES: Shape[] = [
  { title: 'the guide’s own lines', before: `language: node_js\n${READY}` },
  {
    title: 'the guide’s lines, written otherwise',
    before: `{"before_deploy": ["deploy/install-ecs-cli.sh"], "deploy":
  {"provider": "script", "script": "node deploy/ecs-deploy.js", "on": {"branch": "develop"}}}
`,
  },
  {
    title: 'a list of branches, with ours among them',
    before: `${BEFORE}deploy:
- provider: script
  script: 'node ./deploy/ecs-deploy.js'
  skip_cleanup: true
  on: {branch: [master, develop]}
`,
  },
  {
    title: 'an entry for all branches',
    before: `${BEFORE}deploy:
  provider: script
  script: node deploy/ecs-deploy.js --verbose
  on:
    all_branches: true
`,
  },
  {
    title: 'an entry that leaves the branch to Travis, which takes the default one',
    before: `${BEFORE}deploy: {provider: script, script: node ./deploy/ecs-deploy.js}\n`,
    branch: 'master',
  },
  {
    title: 'a branch right under “on”',
    before: `${BEFORE}deploy: {provider: script, script: node ./deploy/ecs-deploy.js, on: develop}\n`,
  },
  {
    title: 'the script among other commands',
    before: `before_deploy: |
  set -e
  chmod +x deploy/install-ecs-cli.sh && bash ./deploy/install-ecs-cli.sh
deploy: {provider: script, script: [node ./deploy/ecs-deploy.js], on: {branch: develop}}
`,
  },
  {
    title: 'an entry made of an anchor and a merge key',
    before: `x-deploy: &ours
  provider: script
  script: node ./deploy/ecs-deploy.js
${BEFORE}deploy:
  - <<: *ours
    on: {branch: develop}
`,
  },
  {
    title: 'a deploy inside a job',
    before: `language: node_js
jobs:
  include:
    - stage: test
      script: npm test
    - stage: deploy
      before_deploy: ./deploy/install-ecs-cli.sh
      deploy:
        provider: script
        script: node ./deploy/ecs-deploy.js
        on:
          branch: develop
`,
  },
  {
    title: 'a file of YAML 1.1, where “on” would be true',
    before: `%YAML 1.1\n---\n${READY}`,
  },
  {
    title: 'a deploy without ecs-cli',
    before: READY.replace(BEFORE, ''),
    isPlain: true,
  },
  {
    title: 'no deploy at all',
    before: `language: node_js   # the usual\nnode_js: ["8"]\n`,
    after: `language: node_js   # the usual\nnode_js: ["8"]\n${BEFORE}${BLOCK}`,
  },
  {
    title: 'no deploy at all, sections apart, comments below',
    before: `# CI of parks
sudo: required

language:   "node_js"

script:
    - npm test
    # - npm run lint
`,
    after: `# CI of parks
sudo: required

language:   "node_js"

script:
    - npm test
    # - npm run lint

${BEFORE}${BLOCK}`,
  },
  {
    title: 'no deploy, and none of ecs-cli',
    before: `language: node_js\n\n\nscript: npm test\n\n`,
    after: `language: node_js\n\n\nscript: npm test\n\n${BLOCK}`,
    isPlain: true,
  },
  {
    title: 'comments alone',
    before: '# to be written\n',
    after: `# to be written\n# The build.\nlanguage: node_js\n\n${BEFORE}\n${BLOCK}`,
  },
  {
    title: 'another provider',
    before: `language: node_js
deploy:
  # Releases
  provider: npm   # ours alone
  email: "dev@example.org"
  api_key:
    secure: "ab+c/d=="
  on:
    tags: true
    # from there alone
cache: npm
`,
    after: `language: node_js
${BEFORE}deploy:
  # Releases
- provider: npm   # ours alone
  email: "dev@example.org"
  api_key:
    secure: "ab+c/d=="
  on:
    tags: true
    # from there alone
${ENTRY('develop')}cache: npm
`,
  },
  {
    title: 'another provider, indented by four',
    before: `deploy:
    provider: pages
    skip_cleanup: true
    local_dir: >-
        a
        b
after_deploy: echo done
`,
    after: `${BEFORE}deploy:
  - provider: pages
    skip_cleanup: true
    local_dir: >-
        a
        b
${ENTRY('develop', '  ')}after_deploy: echo done
`,
  },
  {
    title: 'another provider in braces',
    before: `deploy: {provider: npm, on: {tags: true}}  # short\ncache: npm\n`,
    after: `${BEFORE}deploy:\n- {provider: npm, on: {tags: true}}  # short\n${ENTRY('develop')}cache: npm\n`,
  },
  {
    title: 'another provider in braces, over several lines',
    before: `deploy: {\n  provider: npm,\n}\n`,
    after: `${BEFORE}deploy:\n- {\n  provider: npm,\n}\n${ENTRY('develop')}`,
  },
  {
    title: 'a list of providers',
    before: `before_deploy:
  - npm run build
  # then
  - 'npm run pack'
deploy:
  - provider: npm
    on: {tags: true}

  - provider: s3
    bucket: b
    script: |
      one

      two
    # the end of it


# Notifications
notifications: false
`,
    after: `before_deploy:
  - npm run build
  # then
  - 'npm run pack'
  - ./deploy/install-ecs-cli.sh
deploy:
  - provider: npm
    on: {tags: true}

  - provider: s3
    bucket: b
    script: |
      one

      two
    # the end of it
${ENTRY('develop', '  ')}

# Notifications
notifications: false
`,
  },
  {
    title: 'a list of providers in brackets',
    before: `deploy: [{provider: npm, on: {tags: true}}]\n`,
    after: `${BEFORE}deploy: [{provider: npm, on: {tags: true}}, { provider: script, script: node ./deploy/ecs-deploy.js, on: { branch: develop } }]\n`,
  },
  {
    title: 'an empty list of providers',
    before: `deploy: []\n`,
    after: `${BEFORE}deploy: [{ provider: script, script: node ./deploy/ecs-deploy.js, on: { branch: develop } }]\n`,
  },
  {
    title: 'names with nothing behind them',
    before: `before_deploy:\ndeploy: # later\ncache: npm\n`,
    after: `before_deploy:
- ./deploy/install-ecs-cli.sh
deploy: # later
${ENTRY('develop')}cache: npm
`,
  },
  {
    title: 'a deploy of ours for another branch',
    before: READY,
    after: `${BEFORE}deploy:
- provider: script
  script: node ./deploy/ecs-deploy.js
  on:
    branch: develop
${ENTRY('production')}`,
    branch: 'production',
  },
  {
    title: 'deploys of ours for two other branches',
    before: `${BEFORE}deploy:
- provider: script
  script: node ./deploy/ecs-deploy.js
  on: {branch: develop}
- provider: script
  script: node ./deploy/ecs-deploy.js
  on: {branch: staging}
`,
    after: `${BEFORE}deploy:
- provider: script
  script: node ./deploy/ecs-deploy.js
  on: {branch: develop}
- provider: script
  script: node ./deploy/ecs-deploy.js
  on: {branch: staging}
${ENTRY('production')}`,
    branch: 'production',
  },
  {
    title: 'another script for this branch',
    before: `${BEFORE}deploy:
  provider: script
  script: node ./deploy/ecs-deploy.js.old
  on: {branch: develop}
`,
    after: `${BEFORE}deploy:
- provider: script
  script: node ./deploy/ecs-deploy.js.old
  on: {branch: develop}
${ENTRY('develop')}`,
  },
  {
    title: 'one command before the deploy',
    before: READY.replace(BEFORE, 'before_deploy: "npm run build"  # first\n'),
    after: READY.replace(
      BEFORE,
      'before_deploy:\n- "npm run build"  # first\n- ./deploy/install-ecs-cli.sh\n',
    ),
  },
  {
    title: 'one command before the deploy, on a line of its own',
    before: READY.replace(BEFORE, 'before_deploy:\n    npm run build\n'),
    after: READY.replace(
      BEFORE,
      'before_deploy:\n- npm run build\n- ./deploy/install-ecs-cli.sh\n',
    ),
  },
  {
    title: 'several lines before the deploy',
    before: READY.replace(BEFORE, 'before_deploy: |\n  npm ci\n  npm run build\n'),
    after: READY.replace(
      BEFORE,
      'before_deploy:\n- |\n  npm ci\n  npm run build\n- ./deploy/install-ecs-cli.sh\n',
    ),
  },
  {
    title: 'commands in brackets before the deploy',
    before: READY.replace(BEFORE, 'before_deploy: [ npm ci, "npm run build", ]\n'),
    after: READY.replace(
      BEFORE,
      'before_deploy: [ npm ci, "npm run build", ./deploy/install-ecs-cli.sh, ]\n',
    ),
  },
  {
    title: 'nothing before the deploy, which has a comment',
    before: READY.replace(BEFORE, 'script: npm test\n\n# To AWS\n# and nowhere else\n'),
    after: READY.replace(BEFORE, `script: npm test\n\n${BEFORE}# To AWS\n# and nowhere else\n`),
  },
  {
    title: 'an alias for the deploy',
    before: `x: &npm {provider: npm}\ndeploy: *npm\n`,
    after: `x: &npm {provider: npm}\n${BEFORE}deploy:\n- *npm\n${ENTRY('develop')}`,
  },
  {
    title: 'an anchored list of providers',
    before: `deploy: &all\n- provider: npm\n${BEFORE}`,
    after: `deploy: &all\n- provider: npm\n${ENTRY('develop')}${BEFORE}`,
  },
  {
    title: 'ecs-cli, no longer wanted, alone in its list',
    before: READY,
    after: READY.replace(BEFORE, ''),
    isPlain: true,
  },
  {
    title: 'ecs-cli, no longer wanted, among others',
    before: READY.replace(
      BEFORE,
      'before_deploy:\n  - npm ci # a\n  # tools\n  - "./deploy/install-ecs-cli.sh" # b\n  - npm run build\n',
    ),
    after: READY.replace(BEFORE, 'before_deploy:\n  - npm ci # a\n  # tools\n  - npm run build\n'),
    isPlain: true,
  },
  {
    title: 'ecs-cli, no longer wanted, twice in brackets',
    before: READY.replace(
      BEFORE,
      'before_deploy: [./deploy/install-ecs-cli.sh, npm ci, sh deploy/install-ecs-cli.sh]\n',
    ),
    after: READY.replace(BEFORE, 'before_deploy: [npm ci]\n'),
    isPlain: true,
  },
  {
    title: 'ecs-cli, no longer wanted, as a single command, and a new branch',
    before: READY.replace(BEFORE, 'before_deploy: ./deploy/install-ecs-cli.sh\n'),
    after: `deploy:
- provider: script
  script: node ./deploy/ecs-deploy.js
  on:
    branch: develop
${ENTRY('production')}`,
    branch: 'production',
    isPlain: true,
  },
  {
    title: 'ecs-cli, no longer wanted, in a job',
    before: `jobs:
  include:
    - stage: deploy
      before_deploy:
        - ./deploy/install-ecs-cli.sh
        - npm run build
      deploy: {provider: script, script: node deploy/ecs-deploy.js, on: {branch: develop}}
`,
    after: `jobs:
  include:
    - stage: deploy
      before_deploy:
        - npm run build
      deploy: {provider: script, script: node deploy/ecs-deploy.js, on: {branch: develop}}
`,
    isPlain: true,
  },
];
