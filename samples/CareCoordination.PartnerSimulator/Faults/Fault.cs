namespace CareCoordination.PartnerSimulator;

/// <summary>What can go wrong between asking a partner and hearing the answer.</summary>
public enum Fault
{
    None,

    /// <summary>The answer is right, but late.</summary>
    Slow,

    /// <summary>429 with Retry-After; nothing was done.</summary>
    TooManyRequests,

    /// <summary>500 or 503 with an OperationOutcome; nothing was done. As v2: AE.</summary>
    ServerError,

    /// <summary>The connection ends; nothing was done.</summary>
    DropBefore,

    /// <summary>It was done, then the connection ends.</summary>
    DropAfter,

    /// <summary>It was done, and no answer ever comes.</summary>
    LoseAnswer,

    /// <summary>It was done; the ETag of the answer is not that of the resource.</summary>
    WrongETag,

    /// <summary>401: the token is not taken, however new it is.</summary>
    ExpiredToken,

    /// <summary>400 with an OperationOutcome, whatever was sent. As v2: AR.</summary>
    Refuse,

    /// <summary>409: something else is being done to the same patient. Nothing was done. As v2: AE.</summary>
    Busy,

    /// <summary>404, whatever was asked, as from a server whose address has changed.</summary>
    NotFound,

    /// <summary>Reads and searches show each resource as it was one version ago, as from a replica that lags.</summary>
    OldVersion,

    /// <summary>The recipient completes the Task in the moment before the request, which is a change of it, is looked at.</summary>
    CompleteFirst,

    /// <summary>The Task is taken, but waits for somebody to register its patient.</summary>
    PatientPending,
}

/// <summary>A fault that waits for a request.</summary>
/// <param name="Method">Only for this HTTP method (or <c>MLLP</c>); null: any.</param>
/// <param name="Path">Only where the path below the base starts so; null: any.</param>
public sealed record ScriptedFault(Fault Fault, string? Method = null, string? Path = null)
{
    internal bool Fits(string method, string path) =>
        (Method is null || Method.Equals(method, StringComparison.OrdinalIgnoreCase))
        && (Path is null || path.StartsWith(Path, StringComparison.Ordinal));
}
