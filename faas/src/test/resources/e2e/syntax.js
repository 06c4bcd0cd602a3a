export default function (request) {
    return new Response(;
}
