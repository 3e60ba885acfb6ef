using System.Text;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Partners;

namespace CareCoordination.Workflow.Referrals;

/// <summary>Prints the tables of referrals for the documentation, so that the page cannot differ from the code.</summary>
public static class ReferralPage
{
    public static string Text()
    {
        var text = new StringBuilder(
            """
            # States of referrals

            How each kind of partner speaks of a referral: its states and steps, in its own words, and where they differ from ours.
            What a partner brings has to be reached by steps of the recipient; a poll sees the latest state only, so that steps
            between may have been missed. `entered-in-error` is set by the requester alone.

            This page is printed from the tables in `src/CareCoordination.Workflow/Partners`, and a test compares the two. How a
            referral travels is told in [referrals.md](referrals.md).

            """
        );
        foreach (var profile in ReferralProfile.All)
            Add(text, profile);
        text.Append("\n## Work that a referral gives people\n\n");
        text.Append("Tasks with a `code` of the system `" + CareExtensions.ReferralWorkSystem + "`.\n\n");
        text.Append("| code | what there is to do |\n|---|---|\n");
        foreach (var (code, meaning) in ReferralWork.All)
            text.Append($"| `{code}` | {meaning} |\n");
        return text.ToString();
    }

    private static void Add(StringBuilder text, ReferralProfile profile)
    {
        text.Append($"\n## {profile.Name}\n\n```mermaid\nstateDiagram-v2\n");
        foreach (var state in profile.Steps.SelectMany(s => new[] { s.From, s.To }).Distinct())
            text.Append($"    state \"{state}\" as {Name(state)}\n");
        text.Append("    [*] --> draft\n");
        foreach (var step in profile.Steps)
            text.Append($"    {Name(step.From)} --> {Name(step.To)} : {step.Event}\n");
        text.Append("```\n\n| from | to | who | event |\n|---|---|---|---|\n");
        foreach (var step in profile.Steps)
            text.Append($"| {step.From} | {step.To} | {Who(step.By)} | {step.Event} |\n");
        if (!profile.Mappings.IsEmpty)
        {
            text.Append("\n| here | there |\n|---|---|\n");
            foreach (var mapping in profile.Mappings)
                text.Append($"| {mapping.Ours} | {mapping.Theirs} |\n");
        }

        text.Append(
            $"\nCancelled {(profile.CancelsByHandshake ? "by handshake: the requester asks, the recipient confirms or completes it all the same" : "directly")}."
        );
        if (!profile.NeededOfPatient.IsEmpty)
            text.Append($" The patient needs {string.Join(", ", profile.NeededOfPatient)}.");
        text.Append('\n');
    }

    private static string Name(ReferralState state) =>
        state.ToString().Replace('-', '_').Replace(' ', '_').Replace('.', '_');

    private static string Who(ActorRelation by) =>
        by switch
        {
            ActorRelation.Requester => "requester",
            ActorRelation.Owner => "recipient",
            _ => "either",
        };
}
