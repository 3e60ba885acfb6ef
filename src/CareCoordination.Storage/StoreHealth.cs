namespace CareCoordination.Storage;

/// <summary>What can be done with the database now.</summary>
public enum StoreHealth
{
    /// <summary>It can be read and written.</summary>
    Ready,

    /// <summary>It can only be read: a standby, a primary or a file that was made read only.</summary>
    ReadOnly,

    /// <summary>It does not answer, or not as the database of this store.</summary>
    Unreachable,
}
