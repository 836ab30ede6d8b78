import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
const stream = new ReadableStream({
  start(controller) {
    for (const text of ['a', 'b']) controller.enqueue(text);
    controller.close();
  },
});
const upper = new TransformStream({ transform: (text, controller) => controller.enqueue(text.toUpperCase()) });
for await (const text of stream.pipeThrough(upper)) console.log(text);
const packed = new Blob(['packed'])
  .stream()
  .pipeThrough(new CompressionStream('gzip'))
  .pipeThrough(new DecompressionStream('gzip'));
console.log(await new Response(packed).text());
