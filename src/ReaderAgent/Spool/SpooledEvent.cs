using EligibilityGateway.Contracts;
using EligibilityGateway.Contracts.V1;

namespace EligibilityGateway.ReaderAgent.Spool;

/// <summary>An event that an earlier run left unanswered.</summary>
internal sealed record SpooledEvent(EventId Id, LookUp LookUp);
