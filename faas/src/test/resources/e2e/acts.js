// Does what its query says.
export default async function (request) {
    const act = new URL(request.url).search.slice(1);
    switch (act) {
        case 'throw':
            throw new Error('thrown on purpose');
        case 'loop':
            for (;;);
        case 'exit':
            process.exit(3);
        case 'never':
            return new Promise(() => {});
        case 'flood':
            return new Response('x'.repeat(8 << 20));
        case 'teapot':
            return new Response('short and stout\n', { status: 418, headers: { 'X-Kettle': 'on' } });
        case 'nothing':
            return undefined;
        case 'stderr':
            console.error('to the log of js');
            return new Response('logged\n');
        case 'echo':
            return new Response(await request.text());
        default:
            return new Response(`pid ${process.pid}\n`);
    }
}
