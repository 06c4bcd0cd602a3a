// A handler gets a Fetch API Request and returns a Response.
export default async function (request) {
    const { searchParams } = new URL(request.url);
    const name = searchParams.get('name') ?? 'FAAS';
    return new Response(`Hello from ${name}!\n`);
}
