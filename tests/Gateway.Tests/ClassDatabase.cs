namespace EligibilityGateway.Gateway.Tests;

/// <summary>One database for all tests of a class (as its class fixture), where they don't get in each other's way.</summary>
public sealed class ClassDatabase(TestStores stores) : IAsyncLifetime
{
    public TestDatabase Database { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Database = await stores.CreateDatabaseAsync();

    public ValueTask DisposeAsync() => Database.DisposeAsync();
}
