namespace EligibilityGateway.Gateway.Calls;

/// <summary>
/// JSON answers are a patient's: nothing between the gateway and its client keeps them, and no browser takes them for anything else.
/// ASP.NET middleware; refusals pass through it, too.
/// </summary>
internal sealed class UncachedJson(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (!StatusResponse.IsGrpc(context.Request))
        {
            context.Response.Headers.CacheControl = "no-store";
            context.Response.Headers.XContentTypeOptions = "nosniff";
        }
        return next(context);
    }
}
