// A script: what it prints is the answer.
let input = '';
for await (const chunk of process.stdin) input += chunk;
console.log(`${process.env.REQUEST_METHOD} ${process.env.QUERY_STRING} [${input}]`);
