// Makes processor and memory scarce while the soak runs: three quarters of one core, and 64 to 256 MB that come and go.
// Ends when its standard input does.
const BUSY_MS = 30;
const PAUSE_MS = 10;
const PIECE = 16 << 20;
const MOST_PIECES = 16;

let pieces = [];
process.stdin.on('end', () => process.exit()).resume();
setTimeout(churn, 0);

function churn() {
  const end = Date.now() + BUSY_MS;
  while (Date.now() < end) {
    pieces.push(Buffer.alloc(PIECE, pieces.length));
    if (pieces.length >= MOST_PIECES) pieces = pieces.slice(-4);
  }
  setTimeout(churn, PAUSE_MS);
}
