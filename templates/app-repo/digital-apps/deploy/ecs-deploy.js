// Deploys this app: hands over to `digital-apps deploy`, which builds the container image, pushes it,
// and updates the service on ECS. Arguments and environment are passed on.
// It has import() alone because it must run whether package.json says "type": "module" or not.
const args = ['--yes', 'digital-apps@{{VERSION}}', 'deploy', ...process.argv.slice(2)];

async function main() {
  const { spawn } = await import('node:child_process');
  const { constants } = await import('node:os');
  const { dirname } = await import('node:path');
  const options = { cwd: dirname(dirname(process.argv[1])), stdio: 'inherit' };
  // On Windows npx is a batch file, which only a shell can start.
  const child =
    process.platform === 'win32'
      ? spawn(['npx', ...args.map(quoted)].join(' '), { ...options, shell: true })
      : spawn('npx', args, options);
  child.on('error', () => {
    console.error('ecs-deploy: npx was not found. It comes with Node.js: is that on the PATH?');
    process.exitCode = 1;
  });
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? 128 + constants.signals[signal];
  });
  // Ctrl-C reaches both; what it means is up to digital-apps.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => child.kill('SIGTERM'));
}

function quoted(arg) {
  return /^[\w@.,:=/\\+-]+$/.test(arg) ? arg : `"${arg.replaceAll('"', '\\"')}"`;
}

main();
