using EligibilityGateway.Contracts.V1;
using EligibilityGateway.Gateway.Calls;

namespace EligibilityGateway.Gateway.Appointments;

/// <summary>The results of a chunk as they come, one a row, and what there is to count in them.</summary>
internal sealed class ChunkResults(Chunk chunk)
{
    private readonly AppointmentResult[] _rows = new AppointmentResult[chunk.Rows.Count];

    public IReadOnlyList<AppointmentResult> Rows => _rows;

    /// <summary>Rows whose person was found.</summary>
    public int Found { get; private set; }

    /// <summary>Rows that match nobody.</summary>
    public int Misses { get; private set; }

    /// <summary>Rows in which something is wrong, or that were refused.</summary>
    public int Failed { get; private set; }

    /// <summary>Nobody was looked for.</summary>
    public void Problem(int place, IReadOnlyList<FormFault> faults)
    {
        var result = At(place);
        result.Problem = RichStatus.Violations(faults);
        Failed++;
    }

    /// <summary>Answered or refused, and recorded.</summary>
    public void Recorded(int place, LookUpResult told, bool limitChanged)
    {
        var result = At(place);
        if (told.Answer is { } answer)
        {
            result.Answer = answer;
            result.LimitChanged = limitChanged;
            if (answer.Validity == Validity.NotFound) Misses++;
            else if (answer.Person is not null) Found++;
        }
        else
        {
            result.Refusal = told.Refusal;
            Failed++;
        }
    }

    private AppointmentResult At(int place)
    {
        var rowId = chunk.Rows[place].RowId;
        return _rows[place] = new AppointmentResult { Row = (uint)(chunk.FirstRow + place), RowId = RowForm.IsRowId(rowId) ? rowId : "" };
    }
}
