using System.Net;
using System.Text;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Resources;

namespace CareCoordination.Workflow.CarePlans;

/// <summary>
/// The text of a plan for people: US Core requires one. A narrative that somebody wrote (<c>additional</c>, or without a status of
/// ours) is left as it is.
/// </summary>
internal static class PlanNarrative
{
    public static void Write(CarePlanDraft plan, PlanMembers members)
    {
        if (plan.Edit.Text.Div is not null && plan.Edit.Text.Status != NarrativeStatusCodes.Generated)
            return;
        plan.Edit.Text = new() { Status = NarrativeStatusCodes.Generated, Div = Div(plan, members) };
    }

    private static string Div(CarePlanDraft plan, PlanMembers members)
    {
        var html = new StringBuilder("<div xmlns=\"http://www.w3.org/1999/xhtml\">");
        Paragraph(html, plan.Edit.Title ?? "Care plan");
        if (plan.Edit.Description is { } description)
            Paragraph(html, description);
        List(
            html,
            "Goals",
            members.Goals.Select(g => (g.Edit.Description.Text ?? First(g.Edit.Description), g.Status))
        );
        List(
            html,
            "Activities",
            members.Tasks.Select(t => (t.Edit.Description ?? t.Edit.Code.Text ?? First(t.Edit.Code), t.Status))
        );
        List(html, "Requests", members.Requests.Select(r => (r.Edit.Code.Text ?? First(r.Edit.Code), r.Status)));
        return html.Append("</div>").ToString();
    }

    private static string? First(CodeableConceptEditor concept) =>
        concept.Coding.Select(c => c.Display ?? c.Code).FirstOrDefault(t => t is not null);

    private static void Paragraph(StringBuilder html, string text) =>
        html.Append("<p>").Append(WebUtility.HtmlEncode(text)).Append("</p>");

    private static void List(StringBuilder html, string title, IEnumerable<(string? Text, string Status)> items)
    {
        var any = false;
        foreach (var (text, status) in items)
        {
            if (!any)
                html.Append("<p>").Append(title).Append("</p><ul>");
            any = true;
            html.Append("<li>")
                .Append(WebUtility.HtmlEncode(text ?? "(no description)"))
                .Append(": ")
                .Append(status)
                .Append("</li>");
        }

        if (any)
            html.Append("</ul>");
    }
}
