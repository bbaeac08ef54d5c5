namespace EligibilityGateway.Gateway.Storage;

/// <summary>
/// A store that can't be used as it is. The message is one line for whoever started the program: what is wrong, where, what to do.
/// It holds no secret and no personal data.
/// </summary>
public sealed class StorageException : Exception
{
    public StorageException()
    {
    }

    public StorageException(string message) : base(message)
    {
    }

    public StorageException(string message, Exception innerException) : base(message, innerException)
    {
    }
}
