namespace CareCoordination.Storage;

/// <summary>A row of the server's own that is not needed any more. One that is needed again by then stays.</summary>
internal abstract record Expired;

/// <summary>An answer whose time is over.</summary>
internal sealed record ExpiredAnswer(string Key) : Expired;

/// <summary>A job that has ended, and its steps. Jobs that ended do not go on.</summary>
internal sealed record ExpiredJob(string Id, int Total) : Expired;
