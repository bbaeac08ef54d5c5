using System.Diagnostics.CodeAnalysis;

namespace EligibilityGateway.ReaderAgent.Cards;

/// <summary>What a step of the card gave: a value, or the fault that ends the tap.</summary>
internal readonly record struct CardResult<T>
    where T : notnull
{
    private CardResult(T? value, CardFault? fault)
    {
        Value = value;
        Fault = fault;
    }

    public T? Value { get; }

    public CardFault? Fault { get; }

    public bool IsFault([NotNullWhen(true)] out CardFault? fault, [NotNullWhen(false)] out T? value)
    {
        fault = Fault;
        value = Value;
        return fault is not null;
    }

    public static implicit operator CardResult<T>(T value) => new(value, null);

    public static implicit operator CardResult<T>(CardFault fault) => new(default, fault);
}
