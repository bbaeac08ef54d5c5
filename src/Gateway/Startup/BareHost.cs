namespace EligibilityGateway.Gateway.Startup;

/// <summary>
/// A web host that takes nothing from the place where it happens to be started. The framework's usual one reads appsettings.json of the
/// working directory and whatever ASPNETCORE_, DOTNET_ and Logging__ variables say, so that a file lying about could open a port beside
/// the one with mutual TLS; and it watches that directory with all below it, which from / were 39,747 watches.
/// </summary>
internal static class BareHost
{
    public static WebApplicationBuilder CreateBuilder()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions
        {
            ApplicationName = typeof(BareHost).Assembly.GetName().Name,
            EnvironmentName = Environments.Production,
            // Nothing is read there; left out, it would be the working directory.
            ContentRootPath = AppContext.BaseDirectory,
        });
        builder.WebHost.UseKestrelCore();
        return builder;
    }
}
