import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
const request = new Request('http://x/y', { method: 'PUT', body: 'body', headers: { 'Content-Type': 'text/x' } });
console.log(request.method, request.url, await request.clone().text(), request.headers.get('content-type'));
console.log(
  Response.json({ a: 1 }).headers.get('content-type'),
  new Response(null, { status: 204 }).body,
  Response.error().type,
);
