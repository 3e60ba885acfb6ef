namespace CareCoordination.Storage.Engines;

/// <summary>What clients are told when the database cannot be used.</summary>
internal static class Faults
{
    public static StoreUnavailableException OutcomeUnknown(Exception cause) =>
        new(
            "The database went away while it was storing the change, and it is not known whether it did. "
                + "Read the resource before you send the change again.",
            TimeSpan.FromSeconds(5),
            cause
        );

    public static StoreUnavailableException Unavailable(Fault fault, Exception cause) =>
        fault switch
        {
            Fault.DiskFull => new(
                "The database has no space left. Nothing was stored; try again when the operator has made room.",
                TimeSpan.FromSeconds(60),
                cause
            ),
            Fault.ConnectionLost => new(
                "The database cannot be reached at the moment. Try again in a few seconds.",
                TimeSpan.FromSeconds(5),
                cause
            ),
            Fault.Timeout => new(
                "The database did not finish in time. Ask for less, such as by a further search parameter, or try again later.",
                TimeSpan.FromSeconds(10),
                cause
            ),
            _ => new("The database is too busy at the moment. Try again in a second.", TimeSpan.FromSeconds(1), cause),
        };
}
