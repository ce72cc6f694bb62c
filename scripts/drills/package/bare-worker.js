// A Worker that only hands bytes to and from the bucket: what of the memory is the local bucket's shows in comparison.
export default {
  async fetch(request, env) {
    const { pathname, searchParams } = new URL(request.url);
    if (pathname === "/healthz") return new Response("ok");
    if (pathname === "/begin") {
      const { key, uploadId } = await env.PACKAGES.createMultipartUpload("bare");
      return Response.json({ key, uploadId });
    }
    const upload = () => env.PACKAGES.resumeMultipartUpload("bare", searchParams.get("upload"));
    if (pathname === "/part")
      return Response.json(await upload().uploadPart(Number(searchParams.get("part")), request.body));
    if (pathname === "/complete") {
      await upload().complete(await request.json());
      return new Response();
    }
    const object = await env.PACKAGES.get("bare");
    return object ? new Response(object.body) : new Response(null, { status: 404 });
  },
};
