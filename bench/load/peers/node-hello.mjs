// Node's own HTTP server, answering what Baton's example answers.
import { createServer } from 'node:http';

createServer((request, response) => {
  response.writeHead(200, { 'Content-Type': 'text/plain' });
  response.end('Hello from FAAS!\n');
}).listen(Number(process.argv[2]), '127.0.0.1');
