using System.Collections.ObjectModel;
using System.Text.Json;

namespace EligibilityGateway.Gateway.Operator.Decide;

/// <summary>A list of a line. One entry too many ends the reading there and then, before the line's others cost memory.</summary>
internal abstract class BoundedList<T>(int most) : Collection<T>
{
    protected override void InsertItem(int index, T item)
    {
        if (Count == most) throw new TooManyException(most);
        base.InsertItem(index, item);
    }
}

/// <summary>Members, and a member's coverages.</summary>
internal sealed class UpTo100<T>() : BoundedList<T>(100);

/// <summary>All other lists.</summary>
internal sealed class UpTo1000<T>() : BoundedList<T>(1_000);

/// <summary>The serializer adds the path of the entry that was one too many.</summary>
internal sealed class TooManyException(int most) : JsonException
{
    public int Most => most;
}
