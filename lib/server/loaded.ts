/**
 * The files whose code Node has loaded, for where no observer has noted them.
 *
 * require.cache knows CommonJS only, and nothing public lists ES modules. V8's debugger does: it tells of every script that is in memory
 * when it is turned on. That takes about 30 ms of an initialisation, starts no thread and no port, and is turned off at once (tried on 20 to
 * 26). It can go when Node lists its modules. It sees code only: JSON that was imported and data that was read have to be named.
 */
import process from 'node:process';
import { fileURLToPath } from 'node:url';

export function loadedFiles(): string[] {
  return [...new Set([...Object.keys(require.cache), ...parsedFiles()])];
}

/** Nothing where the debugger is not to be had (Node built without it, or --permission). */
function parsedFiles(): string[] {
  const files: string[] = [];
  try {
    const { Session } = process.getBuiltinModule('node:inspector');
    const session = new Session();
    session.connect();
    session.on('Debugger.scriptParsed', ({ params }) => {
      const file = fileOf(params.url);
      if (file !== undefined) files.push(file);
    });
    session.post('Debugger.enable');
    session.post('Debugger.disable');
    session.disconnect();
  } catch {
    // What require.cache knows is what there is.
  }
  return files;
}

function fileOf(url: string): string | undefined {
  if (url.startsWith('/')) return url;
  if (!url.startsWith('file:///')) return undefined;
  try {
    return fileURLToPath(url);
  } catch {
    return undefined;
  }
}
