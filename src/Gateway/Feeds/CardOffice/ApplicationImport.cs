using EligibilityGateway.Contracts;
using Npgsql;

namespace EligibilityGateway.Gateway.Feeds.CardOffice;

/// <summary>
/// Takes the card office's file of applications: checked whole before anything is written, then written in transactions of at most
/// <see cref="ApplicationFeed.MostAtOnce"/> rows. One that was broken off is imported again; what is in already stays.
/// </summary>
/// <param name="store">Connects as eg_card_office.</param>
/// <param name="clock">For what lies ahead.</param>
public sealed class ApplicationImport(NpgsqlDataSource store, TimeProvider clock)
{
    private readonly ApplicationFeed _feed = new(store);

    /// <summary>Imports the file, and tells what is wrong with it.</summary>
    public async Task<FileOutcome> ImportAsync(Stream file, Action<FeedFault> tell, CancellationToken cancellation)
    {
        var errors = 0L;
        using var hash = new FileHash(file);
        var entries = ApplicationFile.Read(hash.Content, JapanTime.Today(clock), Found, cancellation);
        // An application's rows are compared in one piece, however long the file.
        foreach (var entry in await _feed.FindMismatchedAsync(entries, cancellation))
            Found(FeedFault.Error(entry.Line, ApplicationFile.Form.Columns[1], "the application is known with another birth date"));
        if (errors > 0) return new FileOutcome(errors, 0, 0);

        var (done, before) = (0L, 0L);
        foreach (var chunk in entries.Chunk(ApplicationFeed.MostAtOnce))
        {
            foreach (var outcome in await _feed.ReportAsync(chunk, cancellation, hash.Value))
            {
                if (outcome == ApplicationOutcome.Done) done++;
                else before++;
            }
        }
        return new FileOutcome(0, done, before);

        void Found(FeedFault fault)
        {
            if (fault.Severity == FeedSeverity.Error) errors++;
            tell(fault);
        }
    }
}
