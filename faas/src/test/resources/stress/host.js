// A handler that answers with the request's own id and body, sometimes late.
export default async function handle(request) {
    const body = await request.text();
    const [id, action, number] = body.split("\n", 1)[0].split(" ");
    if (action === "sleep") {
        await new Promise(done => setTimeout(done, Number(number) / 1000));
    }
    return new Response(body, {headers: {"x-id": id, "x-counter": "1", "content-type": "text/plain"}});
}
