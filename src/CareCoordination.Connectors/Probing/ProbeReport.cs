using System.Collections.Immutable;
using CareCoordination.Connectors.Partners;

namespace CareCoordination.Connectors.Probing;

public enum ProbeResult
{
    Passed,

    /// <summary>It will work, with less comfort or safety than it could.</summary>
    Warning,

    Failed,
}

/// <summary>One thing that was asked of a partner.</summary>
/// <param name="Name"><c>address</c>, <c>token</c>, <c>metadata</c>, <c>fhir-version</c>, <c>format</c>, <c>Task:create</c> …</param>
/// <param name="Sentence">What was found, and what to do about it.</param>
public sealed record ProbeStep(string Name, ProbeResult Result, string Sentence);

/// <summary>Whether referrals can go to a partner, found out without sending one.</summary>
public sealed record ProbeReport(string Partner, ImmutableArray<ProbeStep> Steps)
{
    public bool IsReady => Steps.All(s => s.Result != ProbeResult.Failed);
}
