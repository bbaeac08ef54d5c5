using System.Globalization;
using EligibilityGateway.Gateway.Storage;
using Npgsql;

namespace EligibilityGateway.Gateway.Tests.Operator;

/// <summary>What a command refuses of the connection string that is typed after it.</summary>
public sealed class TypedConnectionTests(ClassDatabase fixture) : IClassFixture<ClassDatabase>, IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateDirectory(TestFolder.NewPath());

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("migrate --owner")]
    [InlineData("terminal list --operator")]
    [InlineData("card lost 6f9619ff-8b86-d011-b42d-00cf4fc964ff --card-office")]
    [InlineData("import status --insurer-feed")]
    [InlineData("insurer review list --operator")]
    [InlineData("expenses --person 7 --year 2026 --asked-by me --expenses")]
    [InlineData("history --person 7 --service-date 2026-07-15 --known-on 2026-08-19 --asked-by me --because it --history")]
    public async Task A_password_is_refused_and_not_repeated_and_so_is_a_way_on_which_others_can_listen(string command)
    {
        string[] words = command.Split(' ');
        var refused = await GatewayCommand.RunAsTypedAsync([.. words, "Host=127.0.0.1;Port=1;Username=nobody;Password=TellNobody"]);
        refused.AssertRefused($"{words[^1]} holds a password", "Passfile=", "PGPASSFILE", "PGPASSWORD", "--insecure-files");
        Assert.DoesNotContain("TellNobody", refused.Errors, StringComparison.Ordinal);
        var plain = await GatewayCommand.RunAsync([.. words, "Host=127.0.0.1,db.invalid;Username=nobody;SSL Mode=Require"]);
        plain.AssertRefused($"{words[^1]} leads outside this machine without verified TLS", "SSL Mode=VerifyFull", "--plain-stores");
    }

    [Fact]
    public async Task Both_are_taken_from_an_operator_who_says_so()
    {
        string[] list = ["terminal", "list", "--operator"];
        (await GatewayCommand.RunAsTypedAsync([.. list, "Host=127.0.0.1;Port=1;Username=nobody;Password=TellNobody", "--insecure-files"])).AssertRefused("nothing listens at that host and port");
        (await GatewayCommand.RunAsync([.. list, "Host=db.invalid;Username=nobody", "--plain-stores"])).AssertRefused("the host is not found");
    }

    [Theory]
    [InlineData("pwd")]
    [InlineData("passWORD")]
    [InlineData("SSL Password")]
    public void A_password_is_one_however_it_is_written(string name)
    {
        Assert.True(StoreConnectionString.HoldsPassword($"Host=127.0.0.1;{name}=TellNobody"));
        Assert.False(StoreConnectionString.HoldsPassword($"Host=127.0.0.1;{name}="));
    }

    [Fact]
    public async Task A_password_comes_by_a_file_that_only_its_owner_may_read_or_by_the_environment()
    {
        var whole = new NpgsqlConnectionStringBuilder(fixture.Database.ConnectionString(StoreRole.Operator));
        var typed = new NpgsqlConnectionStringBuilder(whole.ConnectionString);
        typed.Remove("Password");
        var file = Path.Combine(_folder.FullName, "passwords");
        await File.WriteAllTextAsync(file, string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{whole.Port}:*:eg_operator:{whole.Password}\n"), TestContext.Current.CancellationToken);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var named = $"{typed.ConnectionString};Passfile={file}";

        string[] list = ["terminal", "list", "--operator"];
        (await GatewayCommand.RunAsTypedAsync([.. list, typed.ConnectionString])).AssertRefused("it asks for a password");
        Assert.Equal(0, (await GatewayCommand.RunAsTypedAsync([.. list, named])).ExitCode);
        Assert.Equal(0, (await GatewayCommand.RunAsTypedAsync([.. list, typed.ConnectionString], ("PGPASSFILE", file))).ExitCode);
        Assert.Equal(0, (await GatewayCommand.RunAsTypedAsync([.. list, typed.ConnectionString], ("PGPASSWORD", whole.Password!))).ExitCode);

        if (OperatingSystem.IsWindows()) return;
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        (await GatewayCommand.RunAsTypedAsync([.. list, named])).AssertRefused("The password file", "by others than its owner", "chmod 600");
        Assert.Equal(0, (await GatewayCommand.RunAsTypedAsync([.. list, named, "--insecure-files"])).ExitCode);
    }
}
