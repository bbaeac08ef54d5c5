using EligibilityGateway.LoadTests.Drive;

namespace EligibilityGateway.Benchmarks.Floor;

/// <summary>
/// What a tap costs at least, in microseconds of CPU: the echo of its messages, and of each part that the mix needs its share, done
/// in the cheapest way known.
/// </summary>
public sealed record FloorFigures
{
    public required double Rate { get; init; }

    public required double Seconds { get; init; }

    public required int Terminals { get; init; }

    public required int Window { get; init; }

    /// <summary>A null echo over the same mTLS, per message.</summary>
    public required double EchoMicroseconds { get; init; }

    /// <summary>
    /// CPU of the generator itself for a message: it shares the machine with what it measures. Null in figures that were taken before
    /// this was measured.
    /// </summary>
    public double? GeneratorMicroseconds { get; init; }

    /// <summary>One RSA-2048 verification with a key that was not seen before.</summary>
    public required double VerificationMicroseconds { get; init; }

    /// <summary>One GET of a finding's size.</summary>
    public required double RedisGetMicroseconds { get; init; }

    /// <summary>Taps that need a verification: those by card.</summary>
    public required double VerificationShare { get; init; }

    /// <summary>Taps that need a GET: all that the process does not hold.</summary>
    public required double RedisGetShare { get; init; }

    public double FloorMicroseconds =>
        EchoMicroseconds + VerificationShare * VerificationMicroseconds + RedisGetShare * RedisGetMicroseconds;

    /// <summary>How the echo run itself went.</summary>
    public required RunTally Echo { get; init; }
}
