namespace EligibilityGateway.Gateway.Access.Journal;

internal enum HeaderState
{
    Zero = 1,
    Intact,
    Damaged,
    UnknownKey,
    UnknownVersion,
}
