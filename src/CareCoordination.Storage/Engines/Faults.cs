using System.Collections.Frozen;

namespace CareCoordination.Storage.Engines;

/// <summary>What follows from a fault.</summary>
/// <param name="IsAnswered">The database said that nothing was stored, so a commit that met this has not happened.</param>
/// <param name="NeedsNewSession">The session is of no use any more, whether it is open or not.</param>
/// <param name="IsTriedAgain">The same may succeed a moment later.</param>
/// <param name="Sentence">What clients are told, with what to do.</param>
internal sealed record FaultTraits(
    bool IsAnswered,
    bool NeedsNewSession,
    bool IsTriedAgain,
    TimeSpan RetryAfter,
    string Sentence
);

/// <summary>What the store does, and tells its clients, where the database cannot be used.</summary>
internal static class Faults
{
    private static readonly FrozenDictionary<Fault, FaultTraits> Table = new Dictionary<Fault, FaultTraits>
    {
        [Fault.Permanent] = new(true, false, false, TimeSpan.Zero, "The database refused what was asked of it."),
        [Fault.Transient] = new(
            true,
            false,
            true,
            TimeSpan.FromSeconds(1),
            "The database is too busy at the moment. Try again in a second."
        ),
        [Fault.Locked] = new(
            true,
            false,
            true,
            TimeSpan.FromSeconds(5),
            "Another process holds up all changes of the database. Nothing was stored; try again in a few seconds."
        ),
        [Fault.Timeout] = new(
            false,
            false,
            true,
            TimeSpan.FromSeconds(10),
            "The database did not finish in time. Ask for less, such as by a further search parameter, or try again later."
        ),
        [Fault.ConnectionLost] = new(
            false,
            true,
            true,
            TimeSpan.FromSeconds(5),
            "The database cannot be reached at the moment. Try again in a few seconds."
        ),
        [Fault.ReadOnly] = new(
            true,
            true,
            true,
            TimeSpan.FromSeconds(5),
            "The database takes no changes at the moment, as during a failover. Nothing was stored; try again in a few seconds."
        ),
        [Fault.DiskFull] = new(
            true,
            false,
            false,
            TimeSpan.FromSeconds(60),
            "The database has no space left. Nothing was stored; try again when the operator has made room."
        ),
        [Fault.StorageFailed] = new(
            true,
            true,
            false,
            TimeSpan.FromSeconds(60),
            "The database cannot use its own files. Nothing was stored; try again when the operator has seen to it."
        ),
    }.ToFrozenDictionary();

    public static FaultTraits Traits(this Fault fault) => Table[fault];

    public static StoreUnavailableException OutcomeUnknown(Exception cause) =>
        new(
            "The database went away while it was storing the change, and it is not known whether it did. "
                + "Read the resource before you send the change again.",
            TimeSpan.FromSeconds(5),
            cause
        );

    public static StoreUnavailableException TooManyWait() =>
        new("Too many searches wait for the database already. Try again in a few seconds.", TimeSpan.FromSeconds(5));

    public static StoreUnavailableException Unavailable(Fault fault, Exception cause) =>
        new(fault.Traits().Sentence, fault.Traits().RetryAfter, cause);
}
