/** Refuses the first call, which its client then runs plainly (docs/protocol.md). In JavaScript, as it is needed where there is no addon. */
import { Buffer } from 'node:buffer';
import { readSync, writeSync } from 'node:fs';
import process from 'node:process';

const GREETING = 'PFI\n';
const EXTENSION = 'node1\0';
const REFUSED = 'R';
/** `struct pfi_request_header`, and where in it the size of what follows stands. */
const HEADER_SIZE = 152;
const BODY_SIZE_AT = 4;
const STATUS = 127;

/**
 * Nothing of the call has run, and nothing of this process runs any more: no exit listener of the script, as those belong to calls. The client must speak the
 * extension.
 */
export function refuseFirstCall(connection: number, reason: string): never {
  try {
    writeSync(connection, Buffer.concat([Buffer.from(GREETING), number(EXTENSION.length), Buffer.from(EXTENSION)]));
    // Descriptors that come along are closed by the kernel, as nobody asks for them.
    const header = read(connection, HEADER_SIZE);
    if (header) read(connection, header.readUInt32BE(BODY_SIZE_AT));
    const text = Buffer.from(reason);
    writeSync(connection, Buffer.concat([Buffer.from(`${REFUSED}\0\0\0`), number(text.length), text]));
  } catch {
    // The client has gone.
  }
  return (process as unknown as { reallyExit(status: number): never }).reallyExit(STATUS);
}

function number(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** Null: the client has gone. */
function read(connection: number, size: number): Buffer | null {
  const bytes = Buffer.alloc(size);
  for (let have = 0; have < size; ) {
    const got = readSync(connection, bytes, have, size - have, null);
    if (got === 0) return null;
    have += got;
  }
  return bytes;
}
