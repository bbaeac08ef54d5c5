using EligibilityGateway.Rules.Cards;
using EligibilityGateway.Rules.Facts;

namespace EligibilityGateway.Rules.Tests.Cards;

/// <summary>
/// Which state of a card follows which: one table for the rule and for each way in. Null is
/// an event that can't be.
/// </summary>
public static class CardLifeCases
{
    public static TheoryData<CardStatus, CardEventKind, CardStatus?> All => new()
    {
        { CardStatus.InUse, CardEventKind.Lost, CardStatus.Lost },
        { CardStatus.Lost, CardEventKind.Lost, CardStatus.Lost },
        { CardStatus.Revoked, CardEventKind.Lost, null },
        { CardStatus.Replaced, CardEventKind.Lost, null },
        { CardStatus.HolderDied, CardEventKind.Lost, null },
        { CardStatus.InUse, CardEventKind.Found, CardStatus.InUse },
        { CardStatus.Lost, CardEventKind.Found, CardStatus.InUse },
        { CardStatus.Revoked, CardEventKind.Found, null },
        { CardStatus.Replaced, CardEventKind.Found, null },
        { CardStatus.HolderDied, CardEventKind.Found, null },
        { CardStatus.InUse, CardEventKind.Revoked, CardStatus.Revoked },
        { CardStatus.Lost, CardEventKind.Revoked, CardStatus.Revoked },
        { CardStatus.Revoked, CardEventKind.Revoked, CardStatus.Revoked },
        { CardStatus.Replaced, CardEventKind.Revoked, CardStatus.Revoked },
        { CardStatus.HolderDied, CardEventKind.Revoked, CardStatus.HolderDied },
        { CardStatus.InUse, CardEventKind.Died, CardStatus.HolderDied },
        { CardStatus.Lost, CardEventKind.Died, CardStatus.HolderDied },
        { CardStatus.Revoked, CardEventKind.Died, CardStatus.HolderDied },
        { CardStatus.Replaced, CardEventKind.Died, CardStatus.HolderDied },
        { CardStatus.HolderDied, CardEventKind.Died, CardStatus.HolderDied },
        { CardStatus.InUse, CardEventKind.Replaced, CardStatus.Replaced },
        { CardStatus.Lost, CardEventKind.Replaced, CardStatus.Replaced },
        { CardStatus.Revoked, CardEventKind.Replaced, CardStatus.Replaced },
        { CardStatus.Replaced, CardEventKind.Replaced, CardStatus.Replaced },
        { CardStatus.HolderDied, CardEventKind.Replaced, null },
        { CardStatus.InUse, CardEventKind.Registered, CardStatus.InUse },
        { CardStatus.Lost, CardEventKind.Registered, null },
        { CardStatus.Revoked, CardEventKind.Registered, null },
        { CardStatus.Replaced, CardEventKind.Registered, null },
        { CardStatus.HolderDied, CardEventKind.Registered, null },
        { CardStatus.InUse, CardEventKind.Extended, CardStatus.InUse },
        { CardStatus.Lost, CardEventKind.Extended, CardStatus.Lost },
        { CardStatus.Revoked, CardEventKind.Extended, null },
        { CardStatus.Replaced, CardEventKind.Extended, null },
        { CardStatus.HolderDied, CardEventKind.Extended, null },
    };
}
