using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace SkyPortal.Browser.Tests.Sources;

/// <summary>Conversation, annotations and classes of a source, from real clicks and keys.</summary>
public sealed class DiscussionPanelTests(BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    [Fact]
    public async Task Mention_ByKeyboard_CompletesTheNameAndADraftSurvivesAReload()
    {
        var world = await SourceWorld.MakeAsync(browser, "mention");
        var friend = await browser.Node.ClientAsync("mention-friend", SkyPortal.Domain.Access.Role.FullUser, (world.Group, false));
        Assert.NotEqual(0, friend.UserId);
        await using var page = await world.OpenAsync(world.Member, $"/source/{world.ObjId}");
        await page.PressAsync("m");
        await page.Tab.Keyboard.TypeAsync("look @mention-f");
        await Expect(page.Tab.Locator(".comment-box [role=option]")).ToHaveCountAsync(1);
        await page.PictureAsync("mention");
        await page.Tab.Keyboard.PressAsync("Enter");
        var box = page.Tab.Locator("textarea[data-press=m]");
        await Expect(box).ToHaveValueAsync("look @mention-friend ");

        await page.Tab.Keyboard.TypeAsync("here");
        await Expect(box).ToHaveValueAsync("look @mention-friend here");
        await page.OpenAsync($"/source/{world.ObjId}");
        await Expect(box).ToHaveValueAsync("look @mention-friend here");
        await box.PressAsync("Control+Enter");

        await Expect(page.Tab.Locator(".words")).ToHaveTextAsync("look @mention-friend here");
        await page.OpenAsync($"/source/{world.ObjId}");
        await Expect(page.Tab.Locator(".words")).ToHaveTextAsync("look @mention-friend here");
        await Expect(box).ToHaveValueAsync("");
        page.AssertNoFaults();
    }

    [Fact]
    public async Task Conversation_NewOne_IsATabAndItsOpenerDeletesIt()
    {
        var world = await SourceWorld.MakeAsync(browser, "channel");
        await using var page = await world.OpenAsync(world.Member, $"/source/{world.ObjId}");
        await page.Tab.GetByRole(AriaRole.Button, new() { Name = "New conversation" }).ClickAsync();
        await page.Tab.GetByLabel("Name of the conversation").FillAsync("tonight");
        await page.Tab.Keyboard.PressAsync("Enter");
        await Expect(page.Tab.GetByRole(AriaRole.Tab, new() { Name = "tonight" })).ToHaveAttributeAsync("aria-selected", "true");
        await page.Tab.Locator("textarea[data-press=m]").FillAsync("Keck at 8?");
        await page.Tab.Keyboard.PressAsync("Control+Enter");
        await Expect(page.Tab.Locator(".words")).ToHaveTextAsync("Keck at 8?");

        await page.Tab.GetByRole(AriaRole.Tab, new() { Name = "main" }).ClickAsync();
        await Expect(page.Tab.Locator(".words")).ToHaveCountAsync(0);
        await page.Tab.GetByRole(AriaRole.Tab, new() { Name = "tonight" }).ClickAsync();
        await Expect(page.Tab.Locator(".words")).ToHaveTextAsync("Keck at 8?");
        await page.Tab.GetByRole(AriaRole.Button, new() { Name = "Delete this conversation" }).ClickAsync();
        await page.Tab.Locator("dialog[open]").GetByRole(AriaRole.Button, new() { Name = "Delete", Exact = true }).ClickAsync();

        await Expect(page.Tab.GetByRole(AriaRole.Tab, new() { Name = "tonight" })).ToHaveCountAsync(0);
        page.AssertNoFaults();
    }

    [Fact]
    public async Task Attachment_PastedAndDropped_IsShownInPlace()
    {
        var world = await SourceWorld.MakeAsync(browser, "attach");
        await using var page = await world.OpenAsync(world.Member, $"/source/{world.ObjId}");
        foreach (var (kind, name, text) in new[] { ("paste", "seeing.txt", "1.2 arcsec <b>"), ("drop", "log.csv", "a,b") })
        {
            await Expect(page.Tab.Locator(".comment-box[data-heard]")).ToBeVisibleAsync();
            await page.Tab.Locator("textarea[data-press=m]").FillAsync($"see {name}");
            await page.Tab.EvaluateAsync(
                """
                ([kind, name, text]) => {
                  const files = new DataTransfer();
                  files.items.add(new File([text], name, { type: 'text/plain' }));
                  const box = document.querySelector('.comment-box');
                  box.dispatchEvent(kind === 'paste' ? new ClipboardEvent('paste', { clipboardData: files, bubbles: true, cancelable: true }) : new DragEvent('drop', { dataTransfer: files, bubbles: true, cancelable: true }));
                }
                """,
                new[] { kind, name, text });
            await Expect(page.Tab.Locator(".comment-box .attached")).ToContainTextAsync(name);
            await page.Tab.GetByRole(AriaRole.Button, new() { Name = "Comment Ctrl" }).ClickAsync();
            var said = page.Tab.Locator(".comments li").Filter(new() { HasText = $"see {name}" });
            await said.GetByRole(AriaRole.Button, new() { Name = "Show" }).ClickAsync();
            await Expect(said.Locator("pre.preview")).ToHaveTextAsync(text);
        }

        await page.PictureAsync("attachments");
        page.AssertNoFaults();
    }

    [Fact]
    public async Task Comment_EditAndDelete_CanBeUndone()
    {
        var world = await SourceWorld.MakeAsync(browser, "edits");
        await world.Member.PostAsync($"/api/sources/{world.ObjId}/comments", new { text = "first words" });
        await using var page = await world.OpenAsync(world.Member, $"/source/{world.ObjId}");

        await page.Tab.Locator(".comments li").HoverAsync();
        await page.Tab.GetByRole(AriaRole.Button, new() { Name = "Edit", Exact = true }).ClickAsync();
        await page.Tab.GetByLabel("Edit comment").FillAsync("other words");
        await page.Tab.Keyboard.PressAsync("Control+Enter");
        await Expect(page.Tab.Locator(".words")).ToHaveTextAsync("other words");
        await page.Tab.Locator(".toast").GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();
        await Expect(page.Tab.Locator(".words")).ToHaveTextAsync("first words");

        await page.Tab.Locator(".comments li").HoverAsync();
        await page.Tab.GetByRole(AriaRole.Button, new() { Name = "Delete", Exact = true }).ClickAsync();
        await Expect(page.Tab.Locator(".words")).ToHaveCountAsync(0);
        await page.Tab.Locator(".toast").GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();
        await Expect(page.Tab.Locator(".words")).ToHaveTextAsync("first words");
        page.AssertNoFaults();
    }

    [Fact]
    public async Task Annotations_FiveHundred_AreFilteredPinnedAndDeleted()
    {
        var world = await SourceWorld.MakeAsync(browser, "annotate");
        await world.Member.PostAsync($"/api/sources/{world.ObjId}/annotations", new { origin = "abc", data = Enumerable.Range(0, 500).ToDictionary(index => $"key_{index}", index => index / 10.0) });
        await world.Member.PostAsync($"/api/sources/{world.ObjId}/annotations", new { origin = "xyz", data = new { sep_arcsec = 1.25 } });
        await using var page = await world.OpenAsync(world.Member, $"/source/{world.ObjId}");
        var rows = page.Tab.Locator(".annotation-scroll tbody tr:has(td:nth-child(2))");

        await Expect(rows.First).ToContainTextAsync("key_0");
        Assert.InRange(await rows.CountAsync(), 5, 80);
        await page.PictureAsync("annotations");
        await page.Tab.GetByLabel("Filter annotations").FillAsync("xyz");
        await Expect(rows).ToHaveCountAsync(1);
        await Expect(rows).ToContainTextAsync("1.25″");
        await page.Tab.GetByRole(AriaRole.Button, new() { Name = "Pin xyz" }).ClickAsync();
        await Expect(page.Tab.GetByRole(AriaRole.Button, new() { Name = "Pin xyz" })).ToHaveAttributeAsync("aria-pressed", "true");
        await page.OpenAsync($"/source/{world.ObjId}");
        await Expect(rows.First).ToContainTextAsync("sep_arcsec");
        await page.Tab.GetByRole(AriaRole.Button, new() { Name = "Delete the annotation from xyz" }).ClickAsync();
        await Expect(rows.First).ToContainTextAsync("key_0");
        await page.Tab.Locator(".toast").GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();
        await Expect(rows.First).ToContainTextAsync("sep_arcsec");
        page.AssertNoFaults();
    }

    [Fact]
    public async Task Classification_ThreeKeysAndEnter_ThenTheProbabilityIsChangedWithItsHistory()
    {
        var world = await SourceWorld.MakeAsync(browser, "classes");
        await using var page = await world.OpenAsync(world.Member, $"/source/{world.ObjId}");
        await page.PressAsync("c");
        await Expect(page.Tab.GetByRole(AriaRole.Combobox, new() { Name = "Class", Exact = true })).ToBeFocusedAsync();
        await page.Tab.Keyboard.TypeAsync("Ia");
        await page.Tab.Keyboard.PressAsync("Enter");
        await Expect(page.Tab.Locator(".class-now")).ToContainTextAsync("Ia");

        foreach (var probability in new[] { "0.7", "0.9" })
        {
            await page.Tab.GetByRole(AriaRole.Button, new() { Name = "Change the probability of Ia" }).ClickAsync();
            await Expect(page.Tab.GetByLabel("New probability")).ToBeFocusedAsync();
            await page.Tab.GetByLabel("New probability").FillAsync(probability);
            await page.Tab.Keyboard.PressAsync("Enter");
            await Expect(page.Tab.Locator(".class-list > li")).ToContainTextAsync($"p {probability}");
        }

        await page.Tab.Locator(".edits summary").ClickAsync();
        await Expect(page.Tab.Locator(".edits li").First).ToContainTextAsync("0.7 → 0.9");
        await page.PictureAsync("classes");
        page.AssertNoFaults();
    }
}
