namespace CareCoordination.SignIn.Stores;

/// <summary>
/// How often something was revoked by this node: whoever remembers that a token is taken asks again once the number is another.
/// </summary>
public sealed class TokenChanges
{
    private int _count;

    public int Count => Volatile.Read(ref _count);

    /// <summary>To be called once what was revoked is stored, and before it is answered.</summary>
    public void Note() => Interlocked.Increment(ref _count);
}
